import { summarize } from './statistics.mjs';

/** `mesos/basic` with so many agents that it has 50 nodes. */
const NODES = 50;
const CREATE = ['--spec', 'mesos/basic', '--rehearse', '--set', 'nodeGroups.agent.instanceNum=44'];

/** Peak resident memory of the controller while it makes a cluster of 50 nodes, and while it converges it. */
export async function measureMemory({ sandbox, repetitions = 1 }) {
  const runs = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const create = await sandbox.measuredBde('cluster', 'create', 'memory', ...CREATE);
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
  const peak = ({ peakMiB }) => ((Math.max(...peakMiB.all) * 2 ** 20) / 1e6).toFixed(0);
  return {
    what: `controller's peak memory, \`mesos/basic\` with ${NODES} nodes`,
    measured: `${peak(create)} MB create, ${peak(converge)} MB converge`,
    reference: '',
    ratio: '',
    target: '< 200 MB',
  };
}
