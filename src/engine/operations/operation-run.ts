import type { EngineDependencies, StopSignals } from '../context.js';
import type { Lease } from '../lease.js';
import type { ClusterRecord, ClusterState, OperationRecord, StoreTables } from '../ports/store.js';

/** An operation to run on a cluster that is held, and how it may be stopped. */
export interface OperationRun {
  readonly deps: EngineDependencies;
  readonly cluster: ClusterRecord;
  readonly operation: OperationRecord;
  readonly lease: Lease;
  readonly stop: StopSignals;
}

/** What an operation makes of its cluster. Interrupted, it leaves the state that it was in. */
export interface OperationEnding {
  readonly succeeded: ClusterState | null;
  readonly failed: ClusterState;
  /** What else changes in the transaction that records success. */
  readonly also?: (tables: StoreTables) => Promise<void>;
  /** What becomes of a failure, worked out before it is recorded. */
  readonly afterFailure?: (error: Error) => Promise<Aftermath>;
}

/** How a failure is told, and what is recorded in the transaction that records it. */
export interface Aftermath {
  readonly error: Error;
  readonly also?: (tables: StoreTables) => Promise<unknown>;
}
