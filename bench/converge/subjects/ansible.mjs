import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../run-process.mjs';
import { installPeer } from '../peers.mjs';
import { writeTree } from '../project.mjs';
import { toInventory, toPlaybook } from '../to-playbook.mjs';

/** Ansible as it is installed, but for forks = hosts. */
export function ansibleSubject(bench) {
  return playbook('ansible', bench, { peer: 'ansible', pipelining: false });
}

/** The same with pipelining. */
export function ansiblePipeliningSubject(bench) {
  return playbook('ansible-pipelining', bench, { peer: 'ansible', pipelining: true });
}

/** Mitogen's strategy in place of Ansible's own way to reach hosts. */
export function mitogenSubject(bench) {
  return playbook('mitogen', bench, { peer: 'mitogen', pipelining: true, strategy: 'mitogen_linear' });
}

function playbook(name, bench, { peer, pipelining, strategy }) {
  const folder = join(bench.folder, name);
  const options = strategy === undefined ? {} : { strategy };
  let environment = '';
  return {
    name,
    open: async () => {
      environment = await installPeer(peer);
      writeTree(folder, {
        ...toPlaybook(bench.resources, options),
        'ansible.cfg': settings({ bench, folder, environment, pipelining, strategy }),
      });
    },
    setValue: (greeting) =>
      writeTree(folder, { 'hosts.yaml': toInventory(bench.members, { ...bench.access, greeting }) }),
    command: () => ({
      argv: [join(environment, 'bin', 'ansible-playbook'), '-i', join(folder, 'hosts.yaml'), join(folder, 'site.yaml')],
      environment: {
        ANSIBLE_CONFIG: join(folder, 'ansible.cfg'),
        ANSIBLE_HOME: join(folder, 'home'),
        PATH: `${join(environment, 'bin')}:${process.env.PATH}`,
      },
    }),
    countChanges: ({ stdout }) => countRecap(stdout, bench.members.length),
    close: () => closeConnections(folder),
  };
}

/**
 * The sum of `changed=N` in the recap; it has a line for each host, or something is wrong.
 *
 * @param {string} stdout
 * @param {number} hosts
 */
export function countRecap(stdout, hosts) {
  const recap = [
    ...stdout.slice(stdout.indexOf('PLAY RECAP')).matchAll(/ ok=\d+ +changed=(\d+) +unreachable=0 +failed=0 /g),
  ];
  if (recap.length !== hosts) throw new Error(`the recap has ${recap.length} good hosts of ${hosts}:\n${stdout}`);
  return recap.reduce((total, [, count]) => total + Number(count), 0);
}

function settings({ bench, folder, environment, pipelining, strategy }) {
  return [
    '[defaults]',
    `forks = ${bench.members.length}`,
    'host_key_checking = True',
    'nocows = True',
    ...(strategy === undefined ? [] : [`strategy_plugins = ${strategyFolder(environment)}`]),
    '[ssh_connection]',
    `pipelining = ${pipelining ? 'True' : 'False'}`,
    'ssh_args = -C -o ControlMaster=auto -o ControlPersist=60s',
    `control_path_dir = ${join(folder, 'cp')}`,
    '',
  ].join('\n');
}

function strategyFolder(environment) {
  const [python] = readdirSync(join(environment, 'lib'));
  return join(environment, 'lib', python, 'site-packages', 'ansible_mitogen', 'plugins', 'strategy');
}

/** Ends what ControlPersist keeps for a minute. */
async function closeConnections(folder) {
  const sockets = join(folder, 'cp');
  if (!existsSync(sockets)) return;
  for (const socket of readdirSync(sockets)) {
    await run(['ssh', '-F', 'none', '-o', `ControlPath=${join(sockets, socket)}`, '-O', 'exit', 'any']);
  }
}
