import { join } from 'node:path';
import { createBare } from './clone.mjs';
import { nodeAccess } from './node-access.mjs';
import { ROOT, runOrFail } from './run-process.mjs';
import { compare, interleave, summarize } from './statistics.mjs';

const COLD_SSH = join(ROOT, 'bench', 'cold-ssh.sh');
const NODES = 20;

/** A converge that finds nothing to do, against `ssh NODE true` on all nodes at once over new connections. */
export async function measureConverge({ sandbox, repetitions = 7 }) {
  await sandbox.bde(...createBare('converge', NODES));
  const coldSsh = await prepareColdSsh(sandbox);
  await sandbox.bde('cluster', 'converge', 'converge');
  const { ssh, bde } = await interleave(repetitions, {
    ssh: async () => Number((await runOrFail(coldSsh)).stdout.trim()),
    bde: () => sandbox.measuredBde('cluster', 'converge', 'converge'),
  });
  await sandbox.bde('cluster', 'delete', 'converge', '--yes');
  const wallMs = bde.map((each) => each.wallMs);
  const result = {
    nodes: NODES,
    repetitions,
    sshMs: summarize(ssh),
    convergeMs: summarize(wallMs),
    controllerCpuMs: summarize(bde.map((each) => each.cpuMs)),
    ratio: compare(wallMs, ssh),
  };
  return { ...result, rows: [row(result)] };
}

/** The argv of the reference. */
async function prepareColdSsh(sandbox) {
  const { machines, key, knownHosts } = await nodeAccess(sandbox, 'converge');
  return [COLD_SSH, key, knownHosts, ...machines.map(({ address }) => address)];
}

function row({ sshMs, convergeMs, ratio }) {
  return {
    what: `second converge, ${NODES} nodes`,
    measured: `${convergeMs.median.toFixed(0)} ms`,
    reference: `cold \`ssh NODE true\`: ${sshMs.median.toFixed(0)} ms`,
    ratio: `${ratio.medians.toFixed(2)} (best: ${ratio.minima.toFixed(2)})`,
    target: '< 2',
  };
}
