import type { Plan, Step } from '../plan/plan.js';
import { renderTable } from '../report/render-table.js';

/** A plan as people read it: every step that will run, in order, with why; then the counts. */
export function renderPlan(plan: Plan): readonly string[] {
  if (plan.steps.length === 0) return [`Nothing to do: ${plan.cluster} is as its spec says.`];
  const table = renderTable({
    columns: [{ title: 'step' }, { title: 'digest' }, { title: 'why' }],
    rows: plan.steps.map((step) => [step.id, digestText(step), step.why]),
  });
  return [...table, '', summaryLine(plan)];
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
