'use strict';
// Brings the checkout up to date where that is needed, then hands over to the bundled CLI.

const { spawnSync } = require('node:child_process');
const { accessSync, constants, existsSync } = require('node:fs');
const { join } = require('node:path');
const { isBuildFresh, missingHostFiles } = require('./freshness.cjs');

const ROOT = join(__dirname, '..');
const MAIN = join(ROOT, 'dist', 'main.js');

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Root keeps the host's packages whole too; other users can only build, and only in a checkout of their own. */
function needsBootstrap() {
  if (!isBuildFresh(ROOT)) return isWritable(ROOT) || !existsSync(MAIN);
  return process.getuid() === 0 && process.env.BDE_NO_INSTALL !== '1' && missingHostFiles(ROOT).length > 0;
}

exports.start = function start() {
  if (needsBootstrap()) {
    const bootstrap = spawnSync('sh', [join(ROOT, 'scripts', 'bootstrap.sh')], { stdio: ['ignore', 2, 2] });
    if (bootstrap.status !== 0) {
      process.exitCode = bootstrap.signal === 'SIGINT' ? 130 : (bootstrap.status ?? 4);
      return;
    }
  }
  import(MAIN).catch((error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exitCode = 1;
  });
};
