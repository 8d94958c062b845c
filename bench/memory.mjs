import { createBare } from './clone.mjs';
import { summarize } from './statistics.mjs';

const NODES = 50;

/** Peak resident memory of the controller while it makes 50 machines, and while it converges them. */
export async function measureMemory({ sandbox, repetitions = 2 }) {
  const runs = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const create = await sandbox.measuredBde(...createBare('memory', NODES));
    const converge = await sandbox.measuredBde('cluster', 'converge', 'memory');
    await sandbox.bde('cluster', 'delete', 'memory', '--yes');
    runs.push({ create, converge });
  }
  const of = (command, value) => summarize(runs.map((each) => each[command][value]));
  const result = {
    nodes: NODES,
    repetitions,
    create: { peakMiB: of('create', 'peakMiB'), wallMs: of('create', 'wallMs'), cpuMs: of('create', 'cpuMs') },
    converge: { peakMiB: of('converge', 'peakMiB'), wallMs: of('converge', 'wallMs'), cpuMs: of('converge', 'cpuMs') },
  };
  return { ...result, rows: [row(result)] };
}

function row({ create, converge }) {
  return {
    what: `controller's peak memory, ${NODES} nodes`,
    measured: `${Math.max(...create.peakMiB.all).toFixed(0)} MiB create, ${Math.max(...converge.peakMiB.all).toFixed(0)} MiB converge`,
    reference: '',
    ratio: '',
    target: '< 200 MB',
  };
}
