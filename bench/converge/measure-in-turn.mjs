import { toCell } from './cells.mjs';
import { runCycle } from './cycle.mjs';
import { addDelay } from './delay.mjs';

/**
 * All tools in turn, A B C A B C…, behind one delay. `keep` gets the cells of all repetitions so far after each one: what
 * took hours is not lost where a later one fails.
 *
 * @param {{ variant: string, nodes: number, delayMs: number }} site
 */
export async function measureInTurn(site, { bench, subjects, options, keep }) {
  const run = { ...site, startedAt: new Date().toISOString(), beside: subjects.map(({ name }) => name).join(' ') };
  const removeDelay = await addDelay(bench.network.bridge, site.delayMs);
  const repetitions = [];
  try {
    while (repetitions.length < options.repetitions) {
      repetitions.push(await measureOnce(site, { bench, subjects, phases: options.phases }));
      keep(toCells(run, subjects, repetitions));
    }
  } finally {
    await removeDelay();
  }
}

/** One cycle of each tool: what its phases cost, by tool. */
async function measureOnce(site, { bench, subjects, phases }) {
  const costs = {};
  for (const subject of subjects) {
    costs[subject.name] = await runCycle(bench, subject, phases);
    for (const [phase, cost] of Object.entries(costs[subject.name])) console.log(describe(site, subject, phase, cost));
  }
  return costs;
}

function toCells(run, subjects, repetitions) {
  return subjects.flatMap(({ name }) =>
    Object.keys(repetitions[0][name]).map((phase) =>
      toCell(
        { ...run, subject: name, phase },
        repetitions.map((costs) => costs[name][phase]),
      ),
    ),
  );
}

function describe({ variant, nodes, delayMs }, { name }, phase, cost) {
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  return [
    `${variant}, ${nodes} nodes, ${delayMs} ms: ${name} ${phase}: ${seconds(cost.wallMs)}`,
    `CPU ${seconds(cost.controllerCpuMs)} + ${seconds(cost.nodesCpuMs)}`,
    `${kilobytes(cost.upBytes)} up`,
    `${kilobytes(cost.downBytes)} down`,
    `${cost.peakMiB.toFixed(0)} MiB`,
    `${cost.changes} changed`,
  ].join(', ');
}
