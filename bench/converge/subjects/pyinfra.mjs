import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { installPeer } from '../peers.mjs';
import { writeTree } from '../project.mjs';
import { toDeploy, toHosts } from '../to-deploy.mjs';

/** pyinfra with as many connections as hosts. */
export function pyinfraSubject(bench) {
  const folder = join(bench.folder, 'pyinfra');
  let environment = '';
  return {
    name: 'pyinfra',
    open: async () => {
      environment = await installPeer('pyinfra');
      writeTree(folder, toDeploy(bench.resources));
    },
    setValue: (greeting) => writeTree(folder, { 'hosts.py': toHosts(bench.members, { ...bench.access, greeting }) }),
    command: () => ({
      argv: [
        ...[join(environment, 'bin', 'pyinfra'), '--yes', '--chdir', folder],
        ...['--parallel', String(bench.members.length), 'hosts.py', 'deploy.py'],
      ],
      environment: {},
    }),
    countChanges: ({ stderr }) => countTotal(stderr),
  };
}

/** What the table at the end gives as changed in the line of totals; pyinfra writes all of it to stderr. */
export function countTotal(stderr) {
  const totals = /^.*Grand total +(\S+) +(\S+) +(\S+) +(\S+)/m.exec(stripVTControlCharacters(stderr));
  if (totals === null) throw new Error(`pyinfra gave no totals:\n${stderr.slice(-2000)}`);
  return totals[2] === '-' ? 0 : Number(totals[2]);
}
