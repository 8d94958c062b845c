'use strict';
// Whether dist/ and node_modules/ fit the sources. Asked on every start, so it only looks at names, sizes and times.

const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');

const BUILD_STAMP = 'dist/.stamp';
const DEPENDENCY_STAMP = 'node_modules/.bde-stamp';
const INPUTS = ['src', 'scripts', 'package.json', 'package-lock.json'];

function* filesBelow(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    yield `${path} ${stat.size} ${stat.mtimeMs}`;
    return;
  }
  for (const entry of readdirSync(join(root, path)).sort()) {
    const child = `${path}/${entry}`;
    if (child !== 'src/generated') yield* filesBelow(root, child);
  }
}

/** One line per input of the build, and the Node that native modules were compiled for. */
function buildFingerprint(root) {
  const lines = [`node ${process.versions.modules} ${process.platform} ${process.arch}`];
  for (const input of INPUTS) lines.push(...filesBelow(root, input));
  return lines.join('\n');
}

function isBuildFresh(root) {
  const stamp = join(root, BUILD_STAMP);
  if (!existsSync(stamp) || !existsSync(join(root, DEPENDENCY_STAMP))) return false;
  // A checkout without sources is an installed one: nothing to compare with.
  return !existsSync(join(root, 'src')) || readFileSync(stamp, 'utf8') === buildFingerprint(root);
}

/** Files of scripts/host-packages.txt that this host lacks. */
function missingHostFiles(root) {
  return readFileSync(join(root, 'scripts', 'host-packages.txt'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('/'))
    .map((line) => line.split(' ')[0])
    .filter((path) => !existsSync(path));
}

module.exports = { BUILD_STAMP, DEPENDENCY_STAMP, buildFingerprint, isBuildFresh, missingHostFiles };
