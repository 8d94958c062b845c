import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { COOKBOOK_FORMATS, cookbookSchema } from '../../../src/cookbook/cookbook-schemas.js';
import { errorOf } from './cookbook-support.js';

const validatorOf = (name: string) =>
  new Ajv2020({ strict: false, validateFormats: false }).compile(cookbookSchema(name));

/** Shipped files of a format, by path. */
function shippedFiles(pattern: string): readonly string[] {
  const paths = readdirSync('cookbooks', { recursive: true, encoding: 'utf8' });
  const regex = new RegExp(`^[^/]+/${pattern.replace('.', '\\.').replace('*', '[^/]+')}$`);
  return paths.filter((path) => regex.test(path)).map((path) => join('cookbooks', path));
}

describe('cookbookSchema', () => {
  it.each(COOKBOOK_FORMATS)('describes $files, and takes each one that is shipped', ({ name, files }) => {
    const validate = validatorOf(name);

    for (const path of shippedFiles(files))
      expect([path, validate(parse(readFileSync(path, 'utf8')))]).toEqual([path, true]);
  });

  it('knows what a recipe may say beyond kinds of resources', () => {
    const validate = validatorOf('recipe');
    const recipe = (item: object) => validate({ parameters: { port: { type: 'integer' } }, resources: [item] });

    expect(recipe({ include: 'web::install', arguments: { user: 'x' }, retry: 3, once: true })).toBe(true);
    expect(recipe({ 'web::site': 'a', user: 'x', file: 'y', for_each: 'attributes.sites' })).toBe(true);
    expect(recipe({ directory: '/a', retry: { times: 2, delay_seconds: 1 }, timeout: 30 })).toBe(true);
    expect(recipe({ include: 'install' })).toBe(false);
    expect(recipe({ include: 'web::install', port: 1 })).toBe(false);
    expect(recipe({ directory: '/a', retry: -1 })).toBe(false);
  });

  it('knows which attributes bde can make', () => {
    const validate = validatorOf('attributes');
    const token = { type: 'string', secret: true, generate: { length: 32, alphabet: 'hex' } };

    expect(validate({ token, store: { type: 'object', properties: { token } } })).toBe(true);
    expect(validate({ tokens: { type: 'array', items: token } })).toBe(false);
    expect(validate({ tokens: { type: 'object', additionalProperties: token } })).toBe(false);
    expect(validate({ token: { ...token, generate: { length: 4 } } })).toBe(false);
  });

  it('names the nearest format for one that is not there', () => {
    expect(errorOf(() => cookbookSchema('recipes'))).toMatchObject({
      code: 'USAGE',
      message: 'no format of cookbooks is called "recipes"; did you mean "recipe"?',
    });
  });
});
