import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messagesOf, readSpec } from './spec-builders.js';

const FOLDER = new URL('../../fixtures/broken-specs/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');
const specs = readdirSync(FOLDER).filter((name) => !name.endsWith('.txt'));

/** Each spec has a list of all its findings beside it, one a line, reviewed by hand. */
describe('findings of a broken spec', () => {
  it.each(specs)('%s are those of its list', (name) => {
    const messages = messagesOf(() => readSpec(read(name), [], name));

    expect(`${messages.join('\n')}\n`).toBe(read(name.replace(/\.\w+$/, '.txt')));
  });
});
