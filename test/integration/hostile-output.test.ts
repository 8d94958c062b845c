import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Of objects and short texts; a controller has many times as much. */
const HEAP_MIB = 160;
const RUNS = process.env['BDE_TEST_ALL'] === '1' ? 3000 : 60;

describe('what a hostile node prints', () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bde-hostile-'));
    program = join(folder, 'child.mjs');
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    };
    const entry = join(import.meta.dirname, 'hostile-output-child.ts');
    await build({
      ...{ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm', target: 'node20' },
      ...{ loader: { '.sh': 'text' as const }, banner, logLevel: 'error' as const },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is read and rendered within bounded memory, runs nothing and ends no controller', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const args = [`--max-old-space-size=${String(HEAP_MIB)}`, program, String(seed), String(RUNS)];

    const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 1_000 * RUNS + 240_000,
    });

    expect([status, signal, stdout], `seed ${String(seed)}: ${stderr}`).toEqual([0, null, `held ${String(seed)}\n`]);
    expect(readdirSync(folder)).toEqual(['child.mjs']);
  });
});
