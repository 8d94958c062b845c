/** Results as a page: the table, then what it was measured on. */
export function formatResults(results) {
  const benchmarks = Object.entries(results).filter(([name]) => name !== 'formatVersion');
  const lines = benchmarks.flatMap(([, { rows }]) => rows).map(formatRow);
  const machines = benchmarks.map(([name, { machine, repetitions }]) => formatMachine(name, machine, repetitions));
  return [
    '| what | measured | beside | ratio | target |',
    '|---|---|---|---|---|',
    ...lines,
    '',
    'Medians; ratios within one run, both sides in turn.',
    '',
    ...machines,
    '',
  ].join('\n');
}

function formatRow({ what, measured, reference, ratio, target }) {
  return `| ${[what, measured, reference, ratio, target].join(' | ')} |`;
}

function formatMachine(name, { measuredAt, processor, memoryMiB, kernel, node, bde, loadAtEnd }, repetitions) {
  return (
    `- ${name}: ${measuredAt}, ${repetitions} repetitions, ${processor}, ${memoryMiB} MiB, Linux ${kernel}, ` +
    `Node ${node}, bde ${bde}, load at the end ${loadAtEnd.join(' ')}`
  );
}
