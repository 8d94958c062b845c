import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How OpenSSH gets into a cluster's machines: its key as bde's ssh command leaves it, and every host key known. */
export async function nodeAccess(sandbox, cluster) {
  const machines = sandbox.readMachines();
  await sandbox.bde('cluster', 'ssh', cluster, machines[0].name, '--', 'true');
  const ssh = join(sandbox.home, 'ssh');
  const key = readdirSync(ssh).find((name) => name.endsWith('.key'));
  const folder = join(sandbox.home, 'bench');
  mkdirSync(folder, { recursive: true });
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, machines.map(({ address, hostKey }) => `${address} ${hostKey}\n`).join(''));
  return { machines, key: join(ssh, key), knownHosts };
}
