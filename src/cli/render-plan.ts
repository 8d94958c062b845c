import type { PlanEstimate } from '../plan/estimate-plan.js';
import type { Plan, Step } from '../plan/plan.js';
import { formatDuration } from '../report/format-duration.js';
import { renderTable } from '../report/render-table.js';

/** A plan as people read it: every step that will run, in order, with how long it takes and why; then the counts. */
export function renderPlan(plan: Plan, estimate: PlanEstimate): readonly string[] {
  if (plan.steps.length === 0) return [`Nothing to do: ${plan.cluster} is as its spec says.`];
  const table = renderTable({
    columns: [{ title: 'step' }, { title: 'digest' }, { title: 'takes' }, { title: 'why' }],
    rows: plan.steps.flatMap((step) => [rowOf(step, estimate), ...memberRows(step, estimate)]),
  });
  return [...table, '', summaryLine(plan, estimate)];
}

type Row = readonly [string, string | null, string, string];

function rowOf(step: Step, estimate: PlanEstimate): Row {
  const why = step.kind === 'roll' ? `${step.why}; ${boundsText(step)}` : step.why;
  return [step.id, digestText(step), lengthOf(step, estimate), why];
}

function lengthOf({ id }: Step, { steps }: PlanEstimate): string {
  const seconds = steps[id] ?? null;
  return seconds === null ? '(unknown)' : formatDuration(seconds * 1000);
}

function boundsText({ maxUnavailable, keep, peers }: Step & { readonly kind: 'roll' }): string {
  return `at most ${String(maxUnavailable)} at once, ${String(keep)} of ${String(peers.length)} answer at every moment`;
}

/** What happens to each member, in the order of the cluster: who is next is decided when its turn comes. */
function memberRows(step: Step, estimate: PlanEstimate): readonly Row[] {
  if (step.kind !== 'roll') return [];
  return step.members.flatMap(({ steps }) =>
    steps.map((each): Row => [`  ${each.id}`, digestText(each), lengthOf(each, estimate), each.why]),
  );
}

function digestText(step: Step): string | null {
  if (step.kind !== 'converge' && step.kind !== 'packages') return null;
  return step.digest === null ? '(known later)' : step.digest.slice(0, 12);
}

function summaryLine({ summary, steps, operation, cluster }: Plan, estimate: PlanEstimate): string {
  return (
    `${operation} ${cluster}: ${String(steps.length)} steps, ${String(summary.machinesToCreate)} machines to create, ` +
    `${String(summary.machinesToDestroy)} to destroy, ${String(summary.convergeSteps)} runs on nodes; ${wholeLength(estimate)}.`
  );
}

function wholeLength({ seconds, unknownSteps }: PlanEstimate): string {
  if (seconds === null) return 'how long it takes is not known yet';
  const length = formatDuration(Math.max(1, Math.round(seconds)) * 1000).replace('.0 s', ' s');
  return unknownSteps === 0 ? `about ${length}` : `${length} or more (${String(unknownSteps)} steps never ran before)`;
}
