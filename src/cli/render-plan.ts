import type { Plan, Step } from '../plan/plan.js';
import { renderTable } from '../report/render-table.js';

/** A plan as people read it: every step that will run, in order, with why; then the counts. */
export function renderPlan(plan: Plan): readonly string[] {
  if (plan.steps.length === 0) return [`Nothing to do: ${plan.cluster} is as its spec says.`];
  const table = renderTable({
    columns: [{ title: 'step' }, { title: 'digest' }, { title: 'why' }],
    rows: plan.steps.flatMap((step) => [rowOf(step), ...memberRows(step)]),
  });
  return [...table, '', summaryLine(plan)];
}

type Row = readonly [string, string | null, string];

function rowOf(step: Step): Row {
  return [step.id, digestText(step), step.kind === 'roll' ? `${step.why}; ${boundsText(step)}` : step.why];
}

function boundsText({ maxUnavailable, keep, peers }: Step & { readonly kind: 'roll' }): string {
  return `at most ${String(maxUnavailable)} at once, ${String(keep)} of ${String(peers.length)} answer at every moment`;
}

/** What happens to each member, in the order of the cluster: who is next is decided when its turn comes. */
function memberRows(step: Step): readonly Row[] {
  if (step.kind !== 'roll') return [];
  return step.members.flatMap(({ steps }) => steps.map((each): Row => [`  ${each.id}`, digestText(each), each.why]));
}

function digestText(step: Step): string | null {
  if (step.kind !== 'converge' && step.kind !== 'packages') return null;
  return step.digest === null ? '(known later)' : step.digest.slice(0, 12);
}

function summaryLine({ summary, steps, operation, cluster }: Plan): string {
  return (
    `${operation} ${cluster}: ${String(steps.length)} steps, ${String(summary.machinesToCreate)} machines to create, ` +
    `${String(summary.machinesToDestroy)} to destroy, ${String(summary.convergeSteps)} runs on nodes.`
  );
}
