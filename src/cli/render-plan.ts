import type { PlanEstimate } from '../plan/estimate-plan.js';
import { flattenSteps, type Plan, type Step } from '../plan/plan.js';
import { formatDuration } from '../report/format-duration.js';
import { renderTable } from '../report/render-table.js';
import { groupLikeSteps, groupMemberSteps, idOfAll, type LikeSteps } from './like-steps.js';

/** What a digest shows that nobody knows yet. */
const LATER = '(known later)';
/** The same, where nobody does before package repos were looked after. */
export const AFTER_PREPARE = '(known after prepare)';

/** Up to so many steps are read one by one; of more, those that are alike but for their nodes are one line. */
const READABLE = 60;

/** A plan as people read it: the steps that will run, in order, with how long each takes and why; then the counts. */
export function renderPlan(plan: Plan, estimate: PlanEstimate, later = LATER): readonly string[] {
  if (plan.steps.length === 0) return [`Nothing to do: ${plan.cluster} is as its spec says.`];
  return [...tableOf(plan, { estimate, later }), '', summaryLine(plan, estimate)];
}

/** What is looked after before a cluster's own steps, and a line that leads to these. */
export function renderPrepare(plan: Plan, estimate: PlanEstimate): readonly string[] {
  return [
    'First, what all clusters of this home share (skipped where it is there already):',
    ...tableOf(plan, { estimate, later: LATER }),
    '',
    'Then the cluster:',
  ];
}

type Row = readonly [string, string | null, string, string];

/** What is known of a plan beside its steps. */
interface Known {
  readonly estimate: PlanEstimate;
  readonly later: string;
}

function tableOf({ steps }: Plan, known: Known): readonly string[] {
  const isLong = flattenSteps(steps).length > READABLE;
  const rows = isLong ? groupedRows(steps, known) : singleRows(steps, known);
  return renderTable({ columns: [{ title: 'step' }, { title: 'digest' }, { title: 'takes' }, { title: 'why' }], rows });
}

function singleRows(steps: readonly Step[], known: Known): readonly Row[] {
  return steps.flatMap((step) => [rowOf(step, known), ...memberRows(step, known)]);
}

function groupedRows(steps: readonly Step[], known: Known): readonly Row[] {
  return groupLikeSteps(steps).flatMap((alike) => {
    const [step] = alike;
    const members = step.kind === 'roll' ? groupMemberSteps(step) : [];
    return [rowOfAll(alike, known), ...members.map((each) => indented(rowOfAll(each, known)))];
  });
}

function rowOfAll(steps: LikeSteps, known: Known): Row {
  const [step] = steps;
  if (steps.length === 1) return rowOf(step, known);
  const digests = new Set(steps.map((each) => digestText(each, known)));
  const lengths = new Set(steps.map((each) => lengthOf(each, known)));
  const count = String(steps.length);
  return [
    idOfAll(steps),
    digests.size === 1 ? digestText(step, known) : `${String(digests.size)} different`,
    lengths.size === 1 ? lengthOf(step, known) : 'differs',
    `on each of ${count} nodes: ${step.why}`,
  ];
}

/** Below the rolling step that it is part of. */
function indented([id, ...rest]: Row): Row {
  return [`  ${id}`, ...rest];
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
  return step.members.flatMap(({ steps }) => steps.map((each) => indented(rowOf(each, known))));
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
