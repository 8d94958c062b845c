// Builds dist/: the bundled CLI and its oclif manifest. The stamp is written last.
//
// dist/ is an oclif root of its own (package.json, manifest, commands), so that a start reads one folder only.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCli } from './bundle-cli.mjs';
import { compileSchemas } from './compile-schemas.mjs';
import { BUILD_STAMP, buildFingerprint } from './freshness.cjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'dist');

/** A process that runs while dist/ is replaced may still load chunks of the old build: they stay this long. */
const OLD_CHUNK_MS = 30 * 24 * 3600 * 1000;

function listFiles(folder, prefix = '') {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    return entry.isDirectory() ? listFiles(join(folder, entry.name), path) : [path];
  });
}

/** File by file, chunks before what names them: at no time does dist/ lack a file that an entry of it imports. */
function moveIntoPlace(outdir) {
  const files = listFiles(outdir);
  const isChunk = (path) => path.startsWith('chunks/');
  for (const path of [...files.filter(isChunk), ...files.filter((path) => !isChunk(path))]) {
    mkdirSync(dirname(join(DIST, path)), { recursive: true });
    renameSync(join(outdir, path), join(DIST, path));
  }
  const current = new Set(files);
  for (const path of listFiles(DIST)) {
    const isOld = Date.now() - statSync(join(DIST, path)).mtimeMs > OLD_CHUNK_MS;
    if (!current.has(path) && (isOld || !isChunk(path))) rmSync(join(DIST, path));
  }
}

async function build() {
  const fingerprint = buildFingerprint(ROOT);
  mkdirSync(DIST, { recursive: true });
  rmSync(join(ROOT, BUILD_STAMP), { force: true });
  await compileSchemas();
  const outdir = mkdtempSync(join(DIST, '.build-'));
  try {
    await bundleCli(outdir);
    moveIntoPlace(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
  // Taken before the build: a file that was edited meanwhile makes it stale, as it must.
  writeFileSync(join(ROOT, BUILD_STAMP), fingerprint);
}

try {
  await build();
} catch (error) {
  // esbuild has printed what is wrong, file and line included; its own stack says nothing.
  if (!Array.isArray(error.errors)) throw error;
  process.exitCode = 1;
}
