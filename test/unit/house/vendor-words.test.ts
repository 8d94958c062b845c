import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** Generated from the schemas; names of BDE's own field values stand there. */
const GENERATED = 'generated/';

/** Every cookbook but the base one bears a product's name, and so does every folder of specs but the bare one. */
function productNames(): readonly string[] {
  const folders = (name: string): readonly string[] =>
    readdirSync(join(ROOT, name), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  return [...new Set([...folders('cookbooks'), ...folders('specs')])].filter(
    (name) => !['base', 'bare'].includes(name),
  );
}

function sourceFiles(): readonly string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(ts|sh)$/.test(path) && !path.startsWith(GENERATED),
  );
}

describe('the source', () => {
  it('knows no product by name: vendors are data', () => {
    const names = new RegExp(productNames().join('|'), 'i');

    const lines = sourceFiles().flatMap((path) =>
      readFileSync(join(ROOT, 'src', path), 'utf8')
        .split('\n')
        .flatMap((line, index) => (names.test(line) ? [`src/${path}:${String(index + 1)}: ${line.trim()}`] : [])),
    );

    expect(lines).toEqual([]);
  });
});
