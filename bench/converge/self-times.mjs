/**
 * Where a process spent its CPU time: milliseconds of each function itself, callees aside, dearest first. `profile` is
 * what `node --cpu-prof` writes (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile); waiting is
 * left out.
 *
 * @param {{ nodes: readonly { id: number, callFrame: { functionName: string, url: string, lineNumber: number } }[],
 *   samples: readonly number[], timeDeltas: readonly number[] }} profile
 */
export function selfTimes({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const totals = new Map();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id);
    totals.set(name, (totals.get(name) ?? 0) + timeDeltas[index] / 1000);
  }
  totals.delete('(idle)');
  return [...totals].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms);
}

function nameOf({ functionName, url, lineNumber }) {
  if (url === '') return functionName;
  const file = url.split('/').slice(-2).join('/');
  return `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}
