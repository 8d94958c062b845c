import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const DIST = join(import.meta.dirname, '../../../dist');

/** Each costs 10 to 100 ms, so none is loaded by a command that has no use for it. */
const HEAVY = [
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

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-loaded-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Heavy packages whose code a command has loaded, as V8 itself lists its scripts. */
async function heavyPackagesOf(...argv: string[]): Promise<readonly string[]> {
  const coverage = await mkdtemp(join(folder, 'coverage-'));
  await promisify(execFile)(process.execPath, [join(DIST, 'main.js'), ...argv], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      BDE_HOME: join(folder, 'home'),
      BDE_IDENTITY: join(folder, 'identity'),
      NODE_V8_COVERAGE: coverage,
    },
  });
  const packages = new Set<string>();
  const built = JSON.parse(await readFile(join(DIST, 'imports.json'), 'utf8')) as Record<
    string,
    { packages: string[] }
  >;
  for (const file of await loadedFiles(coverage)) built[file]?.packages.forEach((name) => packages.add(name));
  return HEAVY.filter((name) => packages.has(name));
}

/** Files of dist/, relative to it. */
async function loadedFiles(coverage: string): Promise<readonly string[]> {
  const reports = await Promise.all((await readdir(coverage)).map((file) => readFile(join(coverage, file), 'utf8')));
  return reports
    .flatMap((report) => (JSON.parse(report) as Coverage).result)
    .flatMap(({ url }) => (url.includes('/dist/') ? [url.slice(url.lastIndexOf('/dist/') + '/dist/'.length)] : []));
}

describe('a command loads', () => {
  it.each([
    [['--version'], []],
    [['--help'], []],
    [['cluster', 'create', '--help'], []],
    [['completion', 'bash'], []],
    [['spec', 'schema', '--list'], []],
    [
      ['cluster', 'list'],
      ['better-sqlite3', 'kysely'],
    ],
    [
      ['operation', 'list'],
      ['better-sqlite3', 'kysely'],
    ],
  ])('no heavy package for bde %j but %j', async (argv, packages) => {
    expect(await heavyPackagesOf(...argv)).toEqual(packages);
  });
});
