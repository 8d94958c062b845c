import { describe, expect, it } from 'vitest';
import { checkFact } from '../../../src/cookbook/check-fact.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';

describe('checkFact', () => {
  it('accepts a value that fits its schema', () => {
    expect(checkFact({ type: 'string', pattern: '^[a-z0-9.]+$' }, 'abc.0123')).toBeNull();
  });

  it('says where and why a value does not fit', () => {
    const schema = { type: 'object', properties: { port: { type: 'integer' } } };

    expect(checkFact(schema, { port: 'x' })).toBe('port is "x"; allowed is a whole number');
  });

  it('refuses a value that is too long unread', () => {
    expect(checkFact({ type: 'string' }, 'x'.repeat(70_000))).toBe('it is longer than 65536 characters');
  });

  it('refuses the placeholder of a secret of another node', () => {
    expect(checkFact({ type: 'string' }, `x${secretToken('ssh-key')}`)).toBe(
      'it looks like the placeholder of a secret',
    );
  });
});
