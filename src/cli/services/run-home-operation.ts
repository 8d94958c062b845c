import { BdeError } from '../../errors/bde-error.js';
import type { OperationId } from '../../errors/ids.js';
import type { Clock } from '../../engine/ports/clock.js';
import type { Guard } from '../../engine/ports/guard.js';
import type { OperationTable } from '../../engine/ports/store.js';
import { Interrupted } from '../interrupt.js';

/** Something to do to what all clusters of a home share. */
export interface HomeOperation {
  readonly kind: string;
  /** The command's arguments. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** What recording an operation needs. */
export interface HomeOperationParts {
  readonly operations: Pick<OperationTable, 'insert' | 'update'>;
  readonly clock: Pick<Clock, 'now' | 'newId'>;
  readonly who: { readonly user: string; readonly host: string };
  /** Rejects when the process is asked to stop. */
  readonly stopped: Promise<never>;
}

/** The home has no lease: its parts are keyed by content and may be made side by side. */
export const unguarded: Guard = () => Promise.resolve();

/** Runs work as an audited operation of the home: who asked, for what, and how it ended. */
export async function runHomeOperation<Result>(
  operation: HomeOperation,
  parts: HomeOperationParts,
  work: () => Promise<Result>,
): Promise<Result> {
  const id = await begin(operation, parts);
  const end = (state: 'succeeded' | 'failed' | 'interrupted', outcome: string): Promise<void> =>
    parts.operations.update(id, { state, outcome, endedAt: parts.clock.now() });
  try {
    const result = await Promise.race([work(), parts.stopped]);
    await end('succeeded', 'succeeded');
    return result;
  } catch (error) {
    await end(error instanceof Interrupted ? 'interrupted' : 'failed', outcomeOf(error));
    throw error;
  }
}

async function begin({ kind, request }: HomeOperation, parts: HomeOperationParts): Promise<OperationId> {
  const id = parts.clock.newId() as OperationId;
  await parts.operations.insert({
    id,
    clusterId: null,
    clusterName: null,
    kind,
    state: 'running',
    startedAt: parts.clock.now(),
    endedAt: null,
    ...parts.who,
    request,
    plan: null,
    outcome: null,
    cancelAsked: false,
  });
  return id;
}

function outcomeOf(error: unknown): string {
  if (error instanceof Interrupted) return 'stopped on request';
  return error instanceof BdeError ? error.message : `internal error: ${String(error)}`;
}
