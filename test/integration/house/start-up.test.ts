import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface BuiltFile {
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

/** Each costs 10 to 100 ms: only the adapter that needs one imports it, and that lazily. */
const LAZY = [
  '@inquirer/confirm',
  '@peculiar/x509',
  'age-encryption',
  'ajv',
  'better-sqlite3',
  'handlebars',
  'jsonc-parser',
  'kysely',
  'openpgp',
  'p-queue',
  'saxes',
  'send',
  'ssh2',
  'undici',
  'yaml',
];

const DIST = join(import.meta.dirname, '../../../dist');

/** What the bundled CLI has loaded by the time it knows its command. */
function packagesOfStart(): readonly string[] {
  const built = JSON.parse(readFileSync(join(DIST, 'imports.json'), 'utf8')) as Readonly<Record<string, BuiltFile>>;
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    built[file]?.files.forEach(load);
  };
  ['main.js', 'index.js'].forEach(load);
  return [...loaded].flatMap((file) => built[file]?.packages ?? []);
}

it('loads no heavy library before the command runs', () => {
  const packages = packagesOfStart();

  expect(packages).toContain('@oclif/core');
  expect(LAZY.filter((name) => packages.includes(name))).toEqual([]);
});
