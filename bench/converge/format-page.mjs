import { latestCells } from './cells.mjs';
import { costPerNode, ratiosOf, roundTripsOf } from './targets.mjs';
import { SUBJECT_NAMES, PHASE_NAMES } from './options.mjs';

export const LABELS = {
  bde: 'bde, whole cluster',
  'bde-role': 'bde, this role alone',
  'bde-exec': 'bde cluster exec true',
  raw: 'shell script, cold ssh',
  'raw-batched': 'batched script, cold ssh',
  'raw-open': 'batched script, open ssh',
  pyinfra: 'pyinfra',
  mitogen: 'Mitogen for Ansible',
  'ansible-pipelining': 'Ansible, pipelining',
  ansible: 'Ansible, default',
};

export const PHASE_LABELS = { first: 'first run', second: 'second run', line: 'one line' };

/** The numbers as a page: ratios first, then everything, then what it was measured on. `name` is that of the plot. */
export function formatPage({ machine, peers, cells }, name) {
  return [
    `![Wall time of each tool](${name}.svg)\n`,
    ratioTable(cells),
    tripTable(cells),
    nodeTable(cells),
    ...places(cells).map((place) => placeTable(cells, place)),
    formatMachine(machine, peers),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function ratioTable(cells) {
  const ratios = ratiosOf(cells);
  if (ratios.length === 0) return '';
  const rows = ratios.map((ratio) => [
    ...[ratio.variant, ratio.nodes, `${ratio.delayMs} ms`, PHASE_LABELS[ratio.phase], LABELS[ratio.peer]],
    LABELS[ratio.subject],
    `${times(ratio.medians)}${ratio.together ? '' : ' \\*'}`,
    times(ratio.minima),
    `≥ ${times(ratio.atLeast)}`,
    ratio.met ? 'yes' : '**no**',
  ]);
  const head = ['variant', 'nodes', 'delay', 'phase', 'peer', 'beside', 'medians', 'minima', 'target', 'met'];
  const note = ratios.every(({ together }) => together) ? '' : '\\* not measured in turn, in one run.\n';
  return section('How many times as long as bde a peer takes', [table(head, rows), note]);
}

function tripTable(cells) {
  const trips = roundTripsOf(cells);
  if (trips.length === 0) return '';
  const rows = trips.map((each) => [
    ...[each.variant, each.nodes, LABELS[each.subject], PHASE_LABELS[each.phase]],
    each.trips.toFixed(1),
  ]);
  const note = 'Connecting included; `bde cluster exec true` is connecting and one exchange.\n';
  return section('Round trips, one after the other', [
    table(['variant', 'nodes', 'tool', 'phase', 'round trips'], rows),
    note,
  ]);
}

function nodeTable(cells) {
  const costs = costPerNode(cells);
  if (costs.length === 0) return '';
  const rows = costs.map((cost) => [
    ...[cost.variant, PHASE_LABELS[cost.phase], cost.nodes],
    ...[cost.wallMs, cost.controllerCpuMs, cost.nodesCpuMs].map((ms) => `${ms.toFixed(0)} ms`),
    `${((cost.peakMiB * 2 ** 20) / 1e6).toFixed(0)} MB`,
  ]);
  const head = ['variant', 'phase', 'nodes', 'wall per node', 'controller CPU', 'node CPU', 'controller memory'];
  return section('What a node costs bde', [table(head, rows)]);
}

/** Variants, numbers of nodes and delays that were measured, in that order. */
function places(cells) {
  const all = cells.map(({ variant, nodes, delayMs }) => ({ variant, nodes, delayMs }));
  const unique = [...new Map(all.map((place) => [JSON.stringify(place), place])).values()];
  return unique.sort((a, b) => b.variant.localeCompare(a.variant) || a.nodes - b.nodes || a.delayMs - b.delayMs);
}

function placeTable(cells, { variant, nodes, delayMs }) {
  const here = latestCells(cells).filter(
    (cell) => cell.variant === variant && cell.nodes === nodes && cell.delayMs === delayMs,
  );
  const order = ({ subject, phase }) => PHASE_NAMES.indexOf(phase) * 100 + SUBJECT_NAMES.indexOf(subject);
  const rows = here
    .toSorted((a, b) => order(a) - order(b))
    .map((cell) => [
      ...[PHASE_LABELS[cell.phase], LABELS[cell.subject]],
      `${seconds(cell.wallMs.median)} (${seconds(cell.wallMs.min)})`,
      ...[cell.controllerCpuMs, cell.nodesCpuMs].map(({ median }) => seconds(median)),
      ...[cell.upBytes, cell.downBytes].map(({ median }) => `${(median / 1000).toFixed(0)} kB`),
      `${((cell.peakMiB.median * 2 ** 20) / 1e6).toFixed(0)} MB`,
      ...[cell.changes.median, cell.repetitions],
    ]);
  const head = [
    'phase',
    'tool',
    'wall (best)',
    'controller CPU',
    'nodes CPU',
    'up',
    'down',
    'memory',
    'changed',
    'runs',
  ];
  return section(`${variant}, ${nodes} nodes, ${delayMs} ms added round trip`, [table(head, rows)]);
}

function formatMachine({ measuredAt, processor, memoryMiB, kernel, node, bde, loadAtEnd }, peers) {
  const versions = Object.entries(Object.assign({}, ...Object.values(peers))).map((each) => each.join(' '));
  return (
    `Medians. ${measuredAt}, ${processor}, ${memoryMiB} MiB, Linux ${kernel}, Node ${node}, bde ${bde}, ` +
    `${versions.join(', ')}, load at the end ${loadAtEnd.join(' ')}.\n`
  );
}

function section(title, parts) {
  return [`## ${title}\n`, ...parts.filter((part) => part !== '')].join('\n');
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return `${[line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')}\n`;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`;
}

function times(ratio) {
  return `${ratio.toFixed(ratio < 10 ? 2 : 0)}×`;
}
