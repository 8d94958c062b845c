'use strict';
// First file that runs. It must parse on any old Node, to be able to say which one is needed, so: no syntax after ES2015.

const OLDEST_NODE = [20, 19];

function isNodeTooOld() {
  const found = process.versions.node.split('.').map(Number);
  return found[0] < OLDEST_NODE[0] || (found[0] === OLDEST_NODE[0] && found[1] < OLDEST_NODE[1]);
}

if (isNodeTooOld()) {
  const needed = OLDEST_NODE.join('.');
  process.stderr.write('bde: this is Node ' + process.versions.node + '; bde needs Node ' + needed + ' or newer.\n');
  process.stderr.write('bde: Install one, e.g. the tarball of nodejs.org, and put its bin folder first on the PATH.\n');
  process.exitCode = 4;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Half of the time of a start is spent loading oclif: this answer, the same as oclif's, does not need it.
  const version = require('../package.json').version;
  process.stdout.write(`bde/${version} ${process.platform}-${process.arch} node-v${process.versions.node}\n`);
} else {
  require('./start.cjs').start();
}
