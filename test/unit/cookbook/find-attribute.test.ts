import { describe, expect, it } from 'vitest';
import { findAttribute } from '../../../src/cookbook/find-attribute.js';
import type { ValueSchema } from '../../../src/cookbook/value-schema.js';

const DECLARED: Readonly<Record<string, ValueSchema>> = {
  site: { type: 'object', properties: { port: { type: 'integer' }, tls: { type: 'boolean' } } },
  files: { type: 'object', additionalProperties: { type: 'object' } },
  'core-site.xml': { type: 'object' },
  core: { type: 'object' },
};

describe('finding an attribute', () => {
  it('follows keys with dots between', () => {
    expect(findAttribute(DECLARED, { site: { port: 8080 } }, 'site.port')).toEqual({ value: 8080 });
  });

  it('takes a key that has dots itself before a shorter one', () => {
    const values = { 'core-site.xml': { a: 1 }, files: { 'core-site.xml': { b: 2 }, core: { c: 3 } } };

    expect(findAttribute(DECLARED, values, 'core-site.xml')).toEqual({ value: { a: 1 } });
    expect(findAttribute(DECLARED, values, 'files.core-site.xml')).toEqual({ value: { b: 2 } });
  });

  it('gives nothing where the key is declared or free, and nobody gave a value', () => {
    expect(findAttribute(DECLARED, {}, 'site.port')).toEqual({ value: undefined });
    expect(findAttribute(DECLARED, undefined, 'files.yarn-site.xml')).toEqual({ value: undefined });
  });

  it('says what is not declared, and what is near', () => {
    expect(findAttribute(DECLARED, {}, 'sites')).toEqual({
      problem: 'names the attribute sites, which is not declared; did you mean "site"?',
    });
    expect(findAttribute(DECLARED, {}, 'site.prt')).toEqual({
      problem: 'names the attribute site.prt, which is not declared; did you mean "port"?',
    });
    expect(findAttribute(DECLARED, {}, 'site.port.deeper')).toMatchObject({
      problem: 'names the attribute site.port.deeper, which is not declared',
    });
  });

  it('does not take what is inherited for an attribute', () => {
    expect(findAttribute(DECLARED, {}, 'constructor')).toMatchObject({ problem: expect.any(String) as string });
  });
});
