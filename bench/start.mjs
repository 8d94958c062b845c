import { join } from 'node:path';
import { ROOT, runMeasured, runOrFail } from './run-process.mjs';
import { interleave, summarize } from './statistics.mjs';

const BDE = join(ROOT, 'bin', 'bde');

/** How long bde takes to answer, beside a Node that does nothing. */
export async function measureStart({ sandbox, repetitions = 25 }) {
  const timed = async (...argv) => (await runOrFail(argv, sandbox.environment)).wallMs;
  // The first call makes the store, and the first of all may build dist/.
  await runOrFail([BDE, 'cluster', 'list'], sandbox.environment);
  const walls = await interleave(repetitions, {
    node: () => timed('node', '-e', '0'),
    version: () => timed(BDE, '--version'),
    list: () => timed(BDE, 'cluster', 'list'),
  });
  const { cpuMs, peakMiB } = await runMeasured([BDE, 'cluster', 'list'], sandbox.environment);
  return {
    repetitions,
    wallMs: Object.fromEntries(Object.entries(walls).map(([name, values]) => [name, summarize(values)])),
    list: { cpuMs, peakMiB },
    rows: [
      row('`bde --version`', summarize(walls.version), '150 ms', walls.node),
      row('`bde cluster list`', summarize(walls.list), '250 ms', walls.node),
    ],
  };
}

function row(what, { median, min }, target, node) {
  return {
    what,
    measured: `${median.toFixed(0)} ms (best ${min.toFixed(0)} ms)`,
    reference: `\`node -e 0\`: ${summarize(node).median.toFixed(0)} ms`,
    ratio: '',
    target: `< ${target}`,
  };
}
