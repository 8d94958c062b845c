import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRunLine } from '../../../src/cookbook/parse-run-line.js';

describe('parseRunLine', () => {
  it('reads a result and a fact', () => {
    expect(parseRunLine('{"resource":"file[/x]","outcome":"changed","ms":3,"detail":"content"}')).toEqual({
      resource: 'file[/x]',
      outcome: 'changed',
      ms: 3,
      detail: 'content',
    });
    expect(parseRunLine('{"fact":"port","value":[1,{"a":null}]}')).toEqual({ fact: 'port', value: [1, { a: null }] });
  });

  it('gives a result, a fact or nothing for any text', () => {
    const jsonLike = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((text) => `{"resource":${text},"outcome":"failed"}`),
    );

    fc.assert(
      fc.property(jsonLike, (text) => {
        const line = parseRunLine(text);

        expect(line === null || 'fact' in line || typeof line.resource === 'string').toBe(true);
        expect(() => JSON.stringify(line)).not.toThrow();
      }),
    );
  });

  it('drops a fact that is nested so deep that writing it down would overflow the stack', () => {
    const deep = (levels: number): string => `{"fact":"x","value":${'['.repeat(levels)}${']'.repeat(levels)}}`;

    expect(parseRunLine(deep(30_000))).toBeNull();
    expect(parseRunLine(deep(99))).toMatchObject({ fact: 'x' });
  });

  it('keeps a diff that is full of brackets', () => {
    const diff = '+{[\n'.repeat(500);

    expect(parseRunLine(JSON.stringify({ resource: 'file[/x]', outcome: 'changed', ms: 1, diff }))).toMatchObject({
      diff,
    });
    expect(parseRunLine(JSON.stringify({ fact: 'x', value: diff }))).toEqual({ fact: 'x', value: diff });
  });

  it('takes no key of an object for one of its own', () => {
    expect(parseRunLine('{"__proto__":{"resource":"x","outcome":"changed"}}')).toBeNull();
    expect(parseRunLine('{"resource":"x","outcome":"constructor"}')).toBeNull();
  });
});
