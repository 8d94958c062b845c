import type { ClusterId, OperationId } from '../errors/ids.js';
import type { Step } from '../plan/plan.js';
import { emitEvent, type EngineDependencies } from './context.js';
import type { JournalData } from './journal.js';
import type { StepState } from './ports/store.js';

/** What an announcement belongs to. */
export interface AnnouncementOwner {
  readonly clusterId: ClusterId | null;
  readonly operationId: OperationId;
}

/** Tells people which steps there will be. */
export async function announcePlan(
  deps: EngineDependencies,
  owner: AnnouncementOwner,
  steps: readonly Step[],
): Promise<void> {
  await emitEvent(deps, {
    ...owner,
    kind: 'plan',
    text: `${String(steps.length)} steps planned`,
    data: { steps: steps.map((step) => ({ id: step.id, kind: workOf(step), ...placeOf(step) })) },
  });
}

/** Tells people about a step's state. A view that misses an event is no reason to end an operation: the journal has it. */
export async function announceStep(
  deps: EngineDependencies,
  owner: AnnouncementOwner,
  change: { readonly step: Step; readonly state: StepState; readonly detail: JournalData },
): Promise<void> {
  const { step, state, detail } = change;
  await emitEvent(deps, {
    ...owner,
    ...placeOf(step),
    kind: 'step',
    text: `${step.id} ${state}`,
    data: { ...detail, stepId: step.id, stepKind: workOf(step), state },
  }).catch(() => undefined);
}

function placeOf(step: Step): { readonly node?: string; readonly role?: string } {
  return {
    ...('node' in step ? { node: step.node } : {}),
    ...('role' in step ? { role: step.role } : {}),
  };
}

/** One word for what a step does: prepare steps are told by what they make. */
function workOf(step: Step): string {
  return step.kind === 'prepare' ? [step.what, step.subject].filter((each) => each !== null).join(' ') : step.kind;
}
