import { findCell, findPair, latestCells } from './cells.mjs';

/** How much faster than a peer bde is to be, by phase; a fraction where it may be slower. */
export const TARGETS = [
  { phase: 'first', peer: 'ansible-pipelining', atLeast: 20 },
  { phase: 'first', peer: 'mitogen', atLeast: 6 },
  { phase: 'first', peer: 'raw-batched', atLeast: 1 / 1.2 },
  { phase: 'second', peer: 'ansible-pipelining', atLeast: 60 },
  { phase: 'second', peer: 'mitogen', atLeast: 15 },
  { phase: 'second', peer: 'pyinfra', atLeast: 5 },
  { phase: 'second', peer: 'raw', atLeast: 1 },
];

/** bde as a whole, and with the workload's role alone, which is what the peers do. */
const OURS = ['bde', 'bde-role'];

/**
 * @typedef {object} Ratio
 * @property {string} variant
 * @property {number} nodes
 * @property {number} delayMs
 * @property {string} phase
 * @property {string} peer
 * @property {string} subject
 * @property {number} medians
 * @property {number} minima
 * @property {number} atLeast
 * @property {boolean} met
 * @property {boolean} together
 */

/**
 * How many times the wall time of bde each peer takes, where both were measured. `together` is false where they were not
 * measured in turn, in one run.
 *
 * @param {readonly import('./cells.mjs').Cell[]} cells
 * @returns {readonly Ratio[]}
 */
export function ratiosOf(cells) {
  const places = [...new Map(cells.map((cell) => [JSON.stringify(siteOf(cell)), siteOf(cell)])).values()];
  return places.flatMap((place) =>
    TARGETS.flatMap((target) => OURS.map((subject) => ratioOf(cells, { place, target, subject }))).filter(
      (ratio) => ratio !== undefined,
    ),
  );
}

function siteOf({ variant, nodes, delayMs }) {
  return { variant, nodes, delayMs };
}

function ratioOf(cells, { place, target, subject }) {
  const at = { ...place, phase: target.phase };
  const [ours, theirs] = findPair(cells, { ...at, subject }, { ...at, subject: target.peer });
  if (ours === undefined || theirs === undefined) return undefined;
  const medians = theirs.wallMs.median / ours.wallMs.median;
  return {
    ...place,
    ...target,
    subject,
    medians,
    minima: theirs.wallMs.min / ours.wallMs.min,
    met: medians >= target.atLeast,
    together: ours.startedAt === theirs.startedAt,
  };
}

/**
 * Round trips that a run waits for one after the other: how much longer it takes per millisecond of added delay. Of the
 * longest delay that was measured beside none.
 *
 * @param {readonly import('./cells.mjs').Cell[]} cells
 */
export function roundTripsOf(cells) {
  return latestCells(cells).flatMap((cell) => {
    if (cell.delayMs === 0 || cells.some((each) => isSamePlace(each, cell) && each.delayMs > cell.delayMs)) return [];
    const without = findCell(cells, { ...cell, delayMs: 0 });
    if (without === undefined) return [];
    const { variant, nodes, delayMs, subject, phase } = cell;
    const trips = (cell.wallMs.median - without.wallMs.median) / delayMs;
    return [{ variant, nodes, delayMs, subject, phase, trips }];
  });
}

function isSamePlace(a, b) {
  return findCell([{ ...a, delayMs: 0 }], { ...b, delayMs: 0 }) !== undefined;
}

/**
 * What one node costs bde, by number of nodes: flat where it does not grow.
 *
 * @param {readonly import('./cells.mjs').Cell[]} cells
 */
export function costPerNode(cells) {
  return latestCells(cells)
    .filter(({ subject, delayMs }) => subject === 'bde' && delayMs === 0)
    .map(({ variant, nodes, phase, wallMs, controllerCpuMs, nodesCpuMs, peakMiB }) => ({
      ...{ variant, nodes, phase, peakMiB: peakMiB.median },
      wallMs: wallMs.median / nodes,
      controllerCpuMs: controllerCpuMs.median / nodes,
      nodesCpuMs: nodesCpuMs.median / nodes,
    }))
    .sort((a, b) => a.variant.localeCompare(b.variant) || a.phase.localeCompare(b.phase) || a.nodes - b.nodes);
}
