import { latestCells } from './cells.mjs';
import { LABELS, PHASE_LABELS } from './format-page.mjs';
import { PHASE_NAMES, SUBJECT_NAMES } from './options.mjs';

const WIDTH = 900;
const BAR = { height: 16, gap: 6, left: 190, right: 90 };
const PANEL_HEAD = 44;
const OUR_COLOR = '#1f6feb';
const THEIR_COLOR = '#8b949e';

/**
 * Wall time of every tool in each phase as an SVG: bars on a logarithmic scale that all panels share. Of the plain
 * workload without delay, at the largest number of nodes where the most tools were measured.
 */
export function plotPhases(cells) {
  const shown = chooseCells(cells);
  if (shown.length === 0) return svg(60, [text({ x: 20, y: 35, size: 14 }, 'Nothing was measured without delay yet.')]);
  const scale = logScale(shown.map(({ wallMs }) => wallMs.median));
  const panels = PHASE_NAMES.map((phase) => shown.filter((cell) => cell.phase === phase)).filter(
    ({ length }) => length > 0,
  );
  let top = 50;
  const parts = [
    text({ x: 20, y: 30, size: 16, weight: 'bold' }, `Wall time on ${shown[0].nodes} nodes (log scale, medians)`),
  ];
  for (const panel of panels) {
    parts.push(plotPanel(panel, { top, scale }));
    top += PANEL_HEAD + panel.length * (BAR.height + BAR.gap);
  }
  return svg(top + 20, parts);
}

/** @returns cells in the order of subjects */
function chooseCells(cells) {
  const plain = latestCells(cells).filter(
    ({ variant, delayMs, subject }) => variant === 'plain' && delayMs === 0 && subject !== 'bde-exec',
  );
  const [best] = [...groupBy(plain, ({ nodes }) => nodes).values()].sort(
    (a, b) => b.length - a.length || b[0].nodes - a[0].nodes,
  );
  return (best ?? []).toSorted((a, b) => SUBJECT_NAMES.indexOf(a.subject) - SUBJECT_NAMES.indexOf(b.subject));
}

function groupBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

/** Powers of ten around all values; gives where a value lies between 0 and 1. */
export function logScale(values) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { ticks, at: (value) => (Math.log10(value) - low) / (high - low) };
}

function plotPanel(panel, { top, scale }) {
  const x = (value) => BAR.left + scale.at(value) * (WIDTH - BAR.left - BAR.right);
  const bottom = top + PANEL_HEAD - 8 + panel.length * (BAR.height + BAR.gap);
  const ticks = scale.ticks.map(
    (tick) =>
      `<line x1="${x(tick)}" y1="${top + 30}" x2="${x(tick)}" y2="${bottom}" stroke="#d0d7de"/>` +
      text({ x: x(tick), y: top + 26, size: 11, anchor: 'middle', color: '#57606a' }, duration(tick)),
  );
  const bars = panel.map((cell, index) =>
    plotBar(cell, { y: top + PANEL_HEAD - 8 + index * (BAR.height + BAR.gap), x }),
  );
  const title = text({ x: 20, y: top + 26, size: 14, weight: 'bold' }, PHASE_LABELS[panel[0].phase]);
  return [title, ...ticks, ...bars].join('\n');
}

function plotBar({ subject, wallMs }, { y, x }) {
  const end = x(wallMs.median);
  const color = subject.startsWith('bde') ? OUR_COLOR : THEIR_COLOR;
  return (
    text({ x: BAR.left - 8, y: y + 12.5, size: 12, anchor: 'end' }, LABELS[subject]) +
    `<rect x="${BAR.left}" y="${y}" width="${(end - BAR.left).toFixed(1)}" height="${BAR.height}" fill="${color}"/>` +
    text({ x: end + 6, y: y + 12.5, size: 12 }, duration(wallMs.median))
  );
}

export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 && ms % 1000 !== 0 ? 1 : 0)} s`;
}

function text({ x, y, size, anchor = 'start', weight = 'normal', color = '#1f2328' }, content) {
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" font-weight="${weight}" fill="${color}">${content}</text>`;
}

function svg(height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif">
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}
