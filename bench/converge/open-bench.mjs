import { join } from 'node:path';
import { nodeAccess } from '../node-access.mjs';
import { openSandbox } from '../sandbox.mjs';
import { openCgroup } from './cgroup.mjs';
import { networkOf } from './meters.mjs';

const CLUSTER = 'peers';

/**
 * A cluster of so many machines that bear the workload's role, and all that subjects need to reach them. Creating it
 * installs what is there before a first run begins.
 */
export async function openBench({ program, resources, nodes }) {
  const sandbox = openSandbox(program);
  const cgroup = openCgroup(`bde-bench-${sandbox.homeKey}`);
  const close = async () => {
    await sandbox.close();
    cgroup.close();
  };
  try {
    const count = `nodeGroups.node.instanceNum=${nodes}`;
    await sandbox.bde('cluster', 'create', CLUSTER, '--spec', 'wbench/basic', '--set', count);
    const access = await nodeAccess(sandbox, CLUSTER);
    const members = access.machines.map(toMember).sort((a, b) => a.index - b.index);
    const network = networkOf(sandbox.homeKey);
    const folder = join(sandbox.folder, 'peers');
    return { sandbox, cluster: CLUSTER, resources, access, members, network, cgroup, folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Members count from 1, the names of bde's nodes from 0. */
function toMember({ name, address }) {
  return { name, address, index: Number(/\d+$/.exec(name)[0]) + 1 };
}
