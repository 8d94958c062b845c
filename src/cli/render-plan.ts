import type { PlanEstimate } from '../plan/estimate-plan.js';
import { flattenSteps, type Plan, type Step } from '../plan/plan.js';
import { formatDuration } from '../report/format-duration.js';
import { renderTable } from '../report/render-table.js';
import { groupLikeSteps, groupMemberSteps, idOfAll, type LikeSteps } from './like-steps.js';

/** Up to so many steps are read one by one; of more, those that are alike but for their nodes are one line. */
const READABLE = 60;

/** A plan as people read it: the steps that will run, in order, with how long each takes and why; then the counts. */
export function renderPlan(plan: Plan, estimate: PlanEstimate): readonly string[] {
  if (plan.steps.length === 0) return [`Nothing to do: ${plan.cluster} is as its spec says.`];
  const isLong = flattenSteps(plan.steps).length > READABLE;
  const rows = isLong ? groupedRows(plan.steps, estimate) : singleRows(plan.steps, estimate);
  const columns = [{ title: 'step' }, { title: 'digest' }, { title: 'takes' }, { title: 'why' }];
  return [...renderTable({ columns, rows }), '', summaryLine(plan, estimate)];
}

type Row = readonly [string, string | null, string, string];

function singleRows(steps: readonly Step[], estimate: PlanEstimate): readonly Row[] {
  return steps.flatMap((step) => [rowOf(step, estimate), ...memberRows(step, estimate)]);
}

function groupedRows(steps: readonly Step[], estimate: PlanEstimate): readonly Row[] {
  return groupLikeSteps(steps).flatMap((alike) => {
    const [step] = alike;
    const members = step.kind === 'roll' ? groupMemberSteps(step) : [];
    return [alike, ...members].map((each) => rowOfAll(each, estimate));
  });
}

function rowOfAll(steps: LikeSteps, estimate: PlanEstimate): Row {
  const [step] = steps;
  if (steps.length === 1) return rowOf(step, estimate);
  const digests = new Set(steps.map(digestText));
  const lengths = new Set(steps.map((each) => lengthOf(each, estimate)));
  const count = String(steps.length);
  return [
    idOfAll(steps),
    digests.size === 1 ? digestText(step) : `${String(digests.size)} different`,
    lengths.size === 1 ? lengthOf(step, estimate) : 'differs',
    `on each of ${count} nodes: ${step.why}`,
  ];
}

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
  return step.members.flatMap(({ steps }) => steps.map((each) => rowOf(each, estimate)));
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
