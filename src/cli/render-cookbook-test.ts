import { formatDuration } from '../report/format-duration.js';
import { renderTable } from '../report/render-table.js';
import type { TestedResource } from './services/cookbooks/judge-test.js';
import type { CookbookTest } from './services/cookbooks/test-cookbook.js';

/** Resources of the table; `--json` has all. */
const SLOWEST = 15;

/** What changed, what changed again, whether the check was right, and where the time went. */
export function renderCookbookTest(test: CookbookTest): readonly string[] {
  return [
    `${test.cookbook}: ${test.roles.join(', ')}`,
    `First run: ${count(test.changedFirst, 'resource')} changed, of ${String(test.resources.length)}.`,
    ...secondRun(test),
    ...checkBetween(test),
    '',
    ...slowest(test.resources),
    ...keptMachines(test),
  ];
}

function secondRun({ idempotent, changedAgain }: CookbookTest): readonly string[] {
  if (idempotent) return ['Second run: nothing changed. It is idempotent.'];
  return [
    `Second run: ${count(changedAgain.length, 'resource')} changed again. It is NOT idempotent:`,
    ...changedAgain.map((each) => `  ${placeText(each)}${each.detail === null ? '' : `: ${each.detail}`}`),
  ];
}

function checkBetween({ disagreements }: CookbookTest): readonly string[] {
  if (disagreements.length === 0) return ['The check before it said the same.'];
  return [
    'The check before it said otherwise:',
    ...disagreements.map(
      (each) => `  ${placeText(each)}: the check said ${String(each.check)}, the run ${String(each.second)}`,
    ),
  ];
}

function slowest(resources: readonly TestedResource[]): readonly string[] {
  return renderTable({
    columns: [
      { title: 'resource' },
      { title: 'role' },
      { title: 'node' },
      { title: 'first', align: 'right' },
      { title: 'second', align: 'right' },
    ],
    rows: resources
      .slice(0, SLOWEST)
      .map((each) => [each.resource, each.role, each.node, timeText(each.firstMs), timeText(each.secondMs)]),
  });
}

function timeText(ms: number | null): string | null {
  return ms === null ? null : formatDuration(ms);
}

function keptMachines({ kept }: CookbookTest): readonly string[] {
  if (kept === null) return [];
  const bde = `BDE_HOME=${kept.home} BDE_IDENTITY=${kept.home}/identity bde cluster`;
  return ['', 'The machines are still there:', `  ${bde} show ${kept.cluster}`, `  ${bde} delete ${kept.cluster}`];
}

function placeText({ resource, role, node }: TestedResource): string {
  return `${resource} of ${role} on ${node}`;
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
