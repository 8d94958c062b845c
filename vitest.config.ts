import { readFile } from 'node:fs/promises';
import { defineConfig, type Plugin } from 'vitest/config';

const TEXT_FILE = /\.(sh|sql|txt)$/;

/** Does for tests what esbuild's text loader does in the build: `import script from './x.sh'` gives a string. */
function textFiles(): Plugin {
  return {
    name: 'text-files',
    enforce: 'pre',
    async load(id) {
      if (!TEXT_FILE.test(id)) return null;
      return { code: `export default ${JSON.stringify(await readFile(id, 'utf8'))};`, map: null };
    },
  };
}

const RUNS_ALL = process.env['BDE_TEST_ALL'] === '1';
const MINUTE_MS = 60_000;

interface HeavyProject {
  readonly name: string;
  readonly include: string;
  readonly exclude?: string;
  readonly timeoutMs: number;
  /** Files at once; 1 where nothing else is said. */
  readonly maxWorkers?: number;
}

/** Real processes, native modules, machines: one fork per file, generous limits; one project after another. */
function heavyProject({ name, include, exclude, timeoutMs, maxWorkers = 1 }: HeavyProject, index: number) {
  return {
    extends: true as const,
    test: {
      name,
      include: [include],
      exclude: [...(exclude === undefined ? [] : [exclude]), ...(RUNS_ALL ? [] : ['**/*.all.test.ts'])],
      pool: 'forks' as const,
      isolate: true,
      maxWorkers,
      sequence: { groupOrder: index + 1 },
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
    },
  };
}

const HEAVY_PROJECTS: readonly HeavyProject[] = [
  { name: 'contract', include: 'test/contract/**/*.test.ts', timeoutMs: 2 * MINUTE_MS },
  {
    name: 'integration',
    include: 'test/integration/**/*.test.ts',
    exclude: '**/*.root.test.ts',
    timeoutMs: 5 * MINUTE_MS,
    maxWorkers: 2,
  },
  // These share what the host has once: mounts, namespaces, loop devices, users.
  { name: 'integration-root', include: 'test/integration/**/*.root.test.ts', timeoutMs: 5 * MINUTE_MS },
  { name: 'e2e', include: 'test/e2e/**/*.test.ts', timeoutMs: (RUNS_ALL ? 30 : 15) * MINUTE_MS },
];

export default defineConfig({
  plugins: [textFiles()],
  test: {
    projects: [
      {
        extends: true,
        // The source has no module state, so files may share a process: ten times faster than isolated ones.
        // No unit test takes a second; a busy host may take many.
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'forks', isolate: false, testTimeout: 60_000 },
      },
      ...HEAVY_PROJECTS.map(heavyProject),
    ],
    globalSetup: ['scripts/compile-schemas.mjs'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reportsDirectory: 'coverage' },
  },
});
