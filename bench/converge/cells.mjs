import { summarize } from '../statistics.mjs';

const MEASURES = ['wallMs', 'controllerCpuMs', 'nodesCpuMs', 'upBytes', 'downBytes', 'peakMiB', 'changes'];

/**
 * A place is one tool in one phase, on so many nodes behind one delay, in one run.
 *
 * @typedef {{ variant: string, nodes: number, delayMs: number, subject: string, phase: string }} Place
 * @typedef {ReturnType<typeof summarize>} Summary
 * @typedef {Place & { startedAt: string, beside: string, repetitions: number, wallMs: Summary, controllerCpuMs: Summary,
 *   nodesCpuMs: Summary, upBytes: Summary, downBytes: Summary, peakMiB: Summary, changes: Summary }} Cell
 */

/**
 * What is kept of the repetitions of one tool in one phase at one place. `place` says which (variant, nodes, delayMs,
 * subject, phase), beside which tools it was measured in turn, and when that run began.
 *
 * @returns {Cell}
 */
export function toCell(place, samples) {
  const entries = MEASURES.map((measure) => [measure, summarize(samples.map((sample) => sample[measure]))]);
  return { ...place, repetitions: samples.length, ...Object.fromEntries(entries) };
}

/**
 * Earlier cells, but for those that were measured again beside the same tools; the latest last.
 *
 * @param {readonly Cell[]} earlier
 * @param {readonly Cell[]} later
 */
export function mergeCells(earlier, later) {
  const keyOf = (cell) => `${placeOf(cell)} ${cell.beside}`;
  const again = new Set(later.map(keyOf));
  return [...earlier.filter((cell) => !again.has(keyOf(cell))), ...later];
}

/**
 * The latest cell of a place.
 *
 * @param {readonly Cell[]} cells
 * @param {Place} place
 */
export function findCell(cells, place) {
  return cells.findLast((cell) => placeOf(cell) === placeOf(place));
}

/**
 * The latest cell of every place.
 *
 * @param {readonly Cell[]} cells
 */
export function latestCells(cells) {
  return cells.filter((cell) => findCell(cells, cell) === cell);
}

/**
 * The latest cells of two places that were measured in turn, in one run; else the latest of each.
 *
 * @param {readonly Cell[]} cells
 * @param {Place} one
 * @param {Place} other
 */
export function findPair(cells, one, other) {
  const runs = [...new Set(cells.map(({ startedAt }) => startedAt))].reverse();
  const pairs = runs.map((run) => {
    const inRun = cells.filter(({ startedAt }) => startedAt === run);
    return [findCell(inRun, one), findCell(inRun, other)];
  });
  return pairs.find((pair) => !pair.includes(undefined)) ?? [findCell(cells, one), findCell(cells, other)];
}

function placeOf({ variant, nodes, delayMs, subject, phase }) {
  return [variant, nodes, delayMs, subject, phase].join(' ');
}
