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

/** Real processes, native modules, machines: one fork per file, files one after another, generous limits. */
function heavyProject(name: string, timeoutMs: number) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      exclude: process.env['BDE_TEST_ALL'] === '1' ? [] : ['**/*.all.test.ts'],
      pool: 'forks' as const,
      isolate: true,
      fileParallelism: false,
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
    },
  };
}

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
      heavyProject('contract', 120_000),
      heavyProject('integration', 300_000),
      heavyProject('e2e', 1_800_000),
    ],
    globalSetup: ['scripts/compile-schemas.mjs'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reportsDirectory: 'coverage' },
  },
});
