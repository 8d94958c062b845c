import type { EventRecord } from '../engine/ports/store.js';
import type { ProgressEvent, ProgressState } from '../report/progress.js';

/** What an event of the engine means for a progress view; most events mean nothing there. */
export function toProgressEvents(event: Omit<EventRecord, 'sequence'>): readonly ProgressEvent[] {
  switch (event.kind) {
    case 'plan':
      return plannedSteps(event);
    case 'step':
      return [stepEvent(event)];
    case 'waiting':
    case 'prepare':
      return [{ ...base(event), state: event.kind === 'waiting' ? 'waiting' : 'running', why: event.text }];
    default:
      return [];
  }
}

function base(event: Omit<EventRecord, 'sequence'>): Omit<ProgressEvent, 'state'> {
  return {
    at: event.at,
    stepId: textOf(event.data['stepId']) ?? event.kind,
    kind: textOf(event.data['stepKind']) ?? event.kind,
    node: event.node ?? undefined,
    role: event.role ?? undefined,
  };
}

function stepEvent(event: Omit<EventRecord, 'sequence'>): ProgressEvent {
  const why = textOf(event.data['error']) ?? blockedBy(event.data['by']);
  return { ...base(event), state: event.data['state'] as ProgressState, ...(why === undefined ? {} : { why }) };
}

function blockedBy(by: unknown): string | undefined {
  const step = textOf(by);
  return step === undefined ? undefined : `${step} did not end well`;
}

interface PlannedStep {
  readonly id: string;
  readonly kind: string;
  readonly node?: string;
  readonly role?: string;
}

function plannedSteps(event: Omit<EventRecord, 'sequence'>): readonly ProgressEvent[] {
  const steps = event.data['steps'] as readonly PlannedStep[];
  return steps.map(({ id, kind, node, role }) => ({ at: event.at, stepId: id, kind, node, role, state: 'pending' }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
