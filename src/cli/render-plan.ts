import type { PlanEstimate } from '../plan/estimate-plan.js';
import type { Plan, Step } from '../plan/plan.js';
import { formatDuration } from '../report/format-duration.js';
import { renderTable } from '../report/render-table.js';

/** What a digest shows that nobody knows yet. */
const LATER = '(known later)';
/** The same, where nobody does before package repos were looked after. */
export const AFTER_PREPARE = '(known after prepare)';

/** A plan as people read it: every step that will run, in order, with how long it takes and why; then the counts. */
export function renderPlan(plan: Plan, estimate: PlanEstimate, later = LATER): readonly string[] {
  if (plan.steps.length === 0) return [`Nothing to do: ${plan.cluster} is as its spec says.`];
  const table = renderTable({
    columns: [{ title: 'step' }, { title: 'digest' }, { title: 'takes' }, { title: 'why' }],
    rows: plan.steps.flatMap((step) => [rowOf(step, { estimate, later }), ...memberRows(step, { estimate, later })]),
  });
  return [...table, '', summaryLine(plan, estimate)];
}

type Row = readonly [string, string | null, string, string];

/** What is known of a plan beside its steps. */
interface Known {
  readonly estimate: PlanEstimate;
  readonly later: string;
}

function rowOf(step: Step, known: Known): Row {
  const why = step.kind === 'roll' ? `${step.why}; ${boundsText(step)}` : step.why;
  return [step.id, digestText(step, known), lengthOf(step, known), why];
}

function lengthOf({ id }: Step, { estimate }: Known): string {
  const seconds = estimate.steps[id] ?? null;
  return seconds === null ? '(unknown)' : formatDuration(seconds * 1000);
}

function boundsText({ maxUnavailable, keep, peers }: Step & { readonly kind: 'roll' }): string {
  return `at most ${String(maxUnavailable)} at once, ${String(keep)} of ${String(peers.length)} answer at every moment`;
}

/** What happens to each member, in the order of the cluster: who is next is decided when its turn comes. */
function memberRows(step: Step, known: Known): readonly Row[] {
  if (step.kind !== 'roll') return [];
  return step.members.flatMap(({ steps }) =>
    steps.map((each): Row => [`  ${each.id}`, digestText(each, known), lengthOf(each, known), each.why]),
  );
}

function digestText(step: Step, { later }: Known): string | null {
  if (step.kind !== 'converge' && step.kind !== 'packages') return null;
  return step.digest === null ? later : step.digest.slice(0, 12);
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
