import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/cookbook/types.js';
import { checkValue, type ValueSchema } from '../../../src/cookbook/value-schema.js';

const check = (schema: ValueSchema, value: Json) =>
  checkValue(schema, value).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('checkValue', () => {
  it.each<[ValueSchema, Json]>([
    [{ type: 'string', pattern: '^a' }, 'abc'],
    [{ type: 'integer', minimum: 1, maximum: 3 }, 3],
    [{ type: 'number' }, 1.5],
    [{ type: 'boolean' }, false],
    [{ type: 'string', enum: ['a', 'b'] }, 'b'],
    [{ type: 'array', items: { type: 'integer' } }, [1, 2]],
    [{ type: 'object' }, { anything: ['goes'] }],
    [{ type: 'object', additionalProperties: { type: 'string' } }, { a: 'b' }],
    [{ type: 'object', properties: { a: { type: 'integer' } } }, { a: 1 }],
  ])('accepts what %j describes', (schema, value) => {
    expect(check(schema, value)).toEqual([]);
  });

  it.each<[ValueSchema, Json, string]>([
    [{ type: 'integer' }, '3', ': is "3"; allowed is a whole number'],
    [{ type: 'integer' }, 1.5, ': is 1.5; allowed is a whole number'],
    [{ type: 'string' }, null, ': is null; allowed is a string'],
    [{ type: 'array' }, {}, ': is a map; allowed is a list'],
    [{ type: 'object' }, [], ': is a list; allowed is a map'],
    [{ type: 'string', enum: ['a', 'b'] }, 'c', ': is "c"; allowed is "a", "b"'],
    [{ type: 'integer', minimum: 64 }, 3, ': is 3; allowed is a number from 64'],
    [{ type: 'integer', maximum: 64 }, 65, ': is 65; allowed is a number up to 64'],
    [{ type: 'string', minLength: 2 }, 'x', ': is "x"; allowed is a text of at least 2 characters'],
    [{ type: 'string', maxLength: 1 }, 'xy', ': is "xy"; allowed is a text of at most 1 characters'],
    [{ type: 'string', pattern: '^a$' }, 'b', ': is "b"; allowed is a text that matches ^a$'],
  ])('says of what does not fit %j what is allowed', (schema, value, expected) => {
    expect(check(schema, value)).toEqual([expected]);
  });

  it('finds everything in lists and maps, with the path', () => {
    const schema: ValueSchema = {
      type: 'object',
      properties: { ports: { type: 'array', items: { type: 'integer' } }, name: { type: 'string' } },
    };

    expect(check(schema, { ports: [1, 'x'], nam: 'y' })).toEqual([
      'ports.1: is "x"; allowed is a whole number',
      'nam: is not known; did you mean "name"?',
    ]);
  });

  it('knows no inherited names', () => {
    expect(check({ type: 'object', properties: {} }, { toString: 'x' })).toEqual(['toString: is not known']);
  });
});
