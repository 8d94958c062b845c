import { checkCluster as check, type CheckResult } from '../../engine/operations/check-cluster.js';
import type { ConvergeSelection } from '../../engine/operations/selection.js';
import { renderTable } from '../../report/render-table.js';
import { stopSignalsOfProcess } from '../interrupt.js';
import { findCluster } from './find-cluster.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** What applying would change, for people and for `--json`. */
export async function checkCluster(
  name: string,
  selection: ConvergeSelection & { readonly diff: boolean },
  surroundings: Surroundings,
) {
  const stop = stopSignalsOfProcess(surroundings.say);
  return withEngine({ ...surroundings, cluster: name }, async (deps) => {
    const { diff, ...part } = selection;
    const results = await check(part, await findCluster(deps.store, name), { deps, signal: stop.stopStarting });
    const differing = results.flatMap((result) => result.lines.filter(isDifference).map((line) => ({ result, line })));
    return {
      differs: differing.length > 0,
      lines: renderCheck(differing, { diff, checked: results.reduce((sum, result) => sum + result.lines.length, 0) }),
      json: { formatVersion: 1, cluster: name, results } as const,
    };
  });
}

type ResourceLine = CheckResult['lines'][number];

/** True for a line that says something is not as it should be. */
export function isDifference(line: ResourceLine): boolean {
  return line.outcome !== 'unchanged' && line.outcome !== 'skipped';
}

function renderCheck(
  differing: readonly { readonly result: CheckResult; readonly line: ResourceLine }[],
  given: { readonly diff: boolean; readonly checked: number },
): readonly string[] {
  if (differing.length === 0)
    return [`Nothing would change: ${String(given.checked)} resources are as they should be.`];
  const table = renderTable({
    columns: [{ title: 'node' }, { title: 'role' }, { title: 'resource' }, { title: 'outcome' }, { title: 'detail' }],
    rows: differing.map(({ result, line }) => [result.node, result.role, line.resource, line.outcome, line.detail]),
  });
  const diffs = given.diff
    ? differing.flatMap(({ line }) => (line.diff === undefined ? [] : ['', line.diff.trimEnd()]))
    : [];
  return [...table, ...diffs];
}
