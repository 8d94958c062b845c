import { renderTable } from '../report/render-table.js';
import type { DriftTimer } from './services/drift-timer.js';
import type { Drift } from './services/find-drift.js';

/** What differs as a table, and how files differ where that is wanted. */
export function renderDrift({ cluster, checked, differences }: Drift, diff: boolean): readonly string[] {
  if (differences.length === 0)
    return [`No drift: ${String(checked)} resources of ${cluster} are as they were applied.`];
  const table = renderTable({
    columns: [{ title: 'node' }, { title: 'role' }, { title: 'resource' }, { title: 'detail' }],
    rows: differences.map(({ node, role, resource, outcome, detail }) => [
      node,
      role,
      resource,
      outcome === 'would-change' ? detail : [outcome, detail].filter((part) => part !== null).join(': '),
    ]),
  });
  const diffs = diff ? differences.flatMap((each) => (each.diff === null ? [] : ['', each.diff.trimEnd()])) : [];
  return [...table, ...diffs, '', `Put it right with: bde cluster converge ${cluster}`];
}

/** The units with their names, or where they were written and how they are begun. */
export function renderDriftTimer({ cluster, units, written }: DriftTimer): readonly string[] {
  if (written === null) return units.flatMap(({ name, text }) => [`# ${name}`, ...text.split('\n')]).slice(0, -1);
  return [
    ...units.map(({ name }) => `Wrote ${written}/${name}`),
    `Begin with: systemctl daemon-reload && systemctl enable --now bde-drift-${cluster}.timer`,
  ];
}
