import type { OperationRecord } from '../../engine/ports/store.js';

/** One operation, short. */
export interface OperationDescription {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly outcome: string | null;
}

/** An operation for people and `--json`. */
export function describeOperation(operation: OperationRecord): OperationDescription {
  return {
    id: operation.id,
    kind: operation.kind,
    state: operation.state,
    startedAt: new Date(operation.startedAt).toISOString(),
    endedAt: operation.endedAt === null ? null : new Date(operation.endedAt).toISOString(),
    outcome: operation.outcome,
  };
}
