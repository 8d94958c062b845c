// `check`: ends with 0 when node_modules is what package-lock.json says and its native modules load here.
// `stamp`: the same, and writes that down so that later starts need not look again.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEPENDENCY_STAMP } from './freshness.cjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** npm writes its hidden lockfile last, after every install script has run. */
function isInstalled() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const installed = readJson('node_modules/.package-lock.json').packages;
  return Object.entries(readJson('package-lock.json').packages).every(
    ([path, wanted]) => path === '' || wanted.optional === true || installed[path]?.version === wanted.version,
  );
}

function nativeModulesLoad() {
  const Database = createRequire(join(root, 'package.json'))('better-sqlite3');
  new Database(':memory:').close();
}

function stampText() {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return `${lock.digest('hex')} ${process.versions.modules} ${process.platform} ${process.arch}\n`;
}

function isStamped() {
  const stamp = join(root, DEPENDENCY_STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stampText();
}

if (!isStamped()) {
  if (!isInstalled()) {
    process.stderr.write('node_modules is not what package-lock.json says\n');
    process.exit(1);
  }
  nativeModulesLoad();
  if (process.argv[2] === 'stamp') writeFileSync(join(root, DEPENDENCY_STAMP), stampText());
}
