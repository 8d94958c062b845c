import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromJson, toJson } from '../../../src/store/json-column.js';
import { Secret } from '../../../src/errors/secret.js';

describe('json column', () => {
  it('gives back any JSON value as it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read: unknown = fromJson(toJson(value));

        // JSON has one zero.
        expect(JSON.stringify(read)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('writes null for undefined, which JSON lacks', () => {
    expect(toJson(undefined)).toBe('null');
  });

  it('writes no secret even where one slipped in', () => {
    expect(toJson({ password: new Secret('hunter2') })).toBe('{"password":"[secret]"}');
  });
});
