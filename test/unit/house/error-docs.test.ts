import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../src/errors/codes.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');

/** Code to the text of its entry. */
function readEntries(): ReadonlyMap<string, string> {
  const sections = PAGE.split(/^### /m).slice(1);
  return new Map(sections.map((section) => [section.split('\n', 1)[0] ?? '', section]));
}

describe('docs/errors.md', () => {
  it('has one entry for every error code and no other', () => {
    expect([...readEntries().keys()].toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  it.each(Object.entries(ERROR_CODES))('says of %s when it comes, an example, and what to do', (code, { when }) => {
    const entry = readEntries().get(code) ?? '';

    expect(entry).toContain(when);
    expect(entry).toMatch(/^ {4}error: .+ \[[A-Z_]+\]$/m);
    expect(entry).toMatch(/^What to do: /m);
  });

  it.each(Object.entries(ERROR_CODES))('puts %s under its exit code', (code, { exit }) => {
    const section = PAGE.split(/^## /m).find((text) => text.includes(`### ${code}\n`));

    expect(section?.startsWith(`Exit ${exit}`)).toBe(true);
  });
});
