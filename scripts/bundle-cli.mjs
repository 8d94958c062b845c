// The bundled CLI in a folder: an oclif root of its own (package.json, manifest, commands).
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core';
import * as esbuild from 'esbuild';
import { writeCompletions } from './write-completions.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Bundles the CLI into `outdir`. Tests hand in esbuild plugins that swap the composition root. */
export async function bundleCli(outdir, plugins = []) {
  await bundle(outdir, plugins);
  writePackage(outdir);
  await writeManifest(outdir);
  await writeCompletions(outdir, PACKAGE.oclif.topics);
}

/** Native modules find their binaries beside themselves; oclif's TypeScript loader is never wanted. */
const EXTERNAL = ['better-sqlite3', 'ssh2', 'cpu-features', 'typescript'];

/** What CommonJS packages expect to find when they are part of an ES module. */
const COMMONJS_NAMES = [
  "import { createRequire as bdeCreateRequire } from 'node:module';",
  "import { dirname as bdeDirname } from 'node:path';",
  "import { fileURLToPath as bdeFileURLToPath } from 'node:url';",
  'const require = bdeCreateRequire(import.meta.url);',
  'const __filename = bdeFileURLToPath(import.meta.url);',
  'const __dirname = bdeDirname(__filename);',
].join('\n');

/** `./dist/hooks/x.js` of package.json's oclif block stands for `src/cli/hooks/x.ts`. */
function entryPoints() {
  const targets = [...JSON.stringify(PACKAGE.oclif ?? {}).matchAll(/"\.\/dist\/([^"]+)\.js"/g)].map(
    (match) => match[1],
  );
  return Object.fromEntries(
    [...new Set(['main', 'index', 'completion-scripts', ...targets])].map((name) => [
      name,
      join(ROOT, `src/cli/${name}.ts`),
    ]),
  );
}

async function bundle(outdir, plugins) {
  const { metafile } = await esbuild.build({
    absWorkingDir: ROOT,
    metafile: true,
    entryPoints: entryPoints(),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    chunkNames: 'chunks/[name]-[hash]',
    external: EXTERNAL,
    loader: { '.sh': 'text', '.sql': 'text', '.txt': 'text' },
    banner: { js: COMMONJS_NAMES },
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
    plugins,
  });
  writeFileSync(join(outdir, 'imports.json'), JSON.stringify(listImports(metafile, outdir)));
}

/** File of dist/ to what it imports at once and whose code it holds: a test sees from it what a start loads. */
function listImports(metafile, outdir) {
  const nameOf = (path) => relative(outdir, join(ROOT, path));
  const scripts = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.js'));
  return Object.fromEntries(
    scripts.map(([path, { imports, inputs }]) => [
      nameOf(path),
      {
        files: imports
          .filter((edge) => edge.kind === 'import-statement' && !edge.external)
          .map((edge) => nameOf(edge.path)),
        packages: [
          ...new Set([
            ...imports.filter((edge) => edge.kind !== 'dynamic-import' && edge.external).map((edge) => edge.path),
            ...packagesOf(inputs),
          ]),
        ],
      },
    ]),
  );
}

function packagesOf(inputs) {
  const names = Object.keys(inputs).map((path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The package.json that oclif reads: the same, with paths from here. */
function writePackage(outdir) {
  const { name, version, description, license, type, engines, oclif } = PACKAGE;
  const local = JSON.parse(JSON.stringify(oclif ?? {}).replaceAll('"./dist/', '"./'));
  writeFileSync(
    join(outdir, 'package.json'),
    JSON.stringify({ name, version, description, license, type, engines, oclif: local }, null, 2),
  );
}

/** With a manifest oclif loads no command but the one that runs. */
async function writeManifest(outdir) {
  const plugin = new Plugin({
    root: outdir,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  });
  await plugin.load();
  writeFileSync(join(outdir, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
}
