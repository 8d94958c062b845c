import type { BdeError } from '../../errors/bde-error.js';
import { findLosses } from '../../plan/find-losses.js';
import { clusterSecrets } from '../cluster-secrets.js';
import { parseCookbooks } from '../parse-cookbooks.js';
import type { PinnedContent } from '../pins.js';
import type { ClusterRecord } from '../ports/store.js';
import { blamesChange } from './blames-change.js';
import { prepareChange } from './prepare-change.js';
import { NO_CHANGE, type ChangeOrder, type ChangeRequest, type StateBefore } from './change-request.js';
import type { OperationRun } from './operation-run.js';
import { draftChange, type ChangeDraft } from './record-change.js';

/** Whether a rollback follows a failed change by itself. `refused`: it was asked for, and would do harm or no good. */
export type RollbackDecision =
  | { readonly type: 'follows'; readonly draft: ChangeDraft }
  | { readonly type: 'refused'; readonly why: string }
  | { readonly type: 'none' };

/** Decides what follows a change that failed; nothing is recorded yet. */
export async function decideRollback(
  run: OperationRun,
  order: ChangeOrder,
  error: BdeError,
): Promise<RollbackDecision> {
  const { before } = order;
  if (!isWanted(run, order) || before === undefined || !blamesChange(error)) return { type: 'none' };
  if (before.state !== 'RUNNING') {
    return {
      type: 'refused',
      why: `${run.cluster.name} was ${before.state} before, so that is no state to go back to.`,
    };
  }
  return draftRollback(run, order, before);
}

/** Whoever asks an operation to end does not ask for another one; and what goes back itself is followed by nothing. */
function isWanted({ stop, lease, operation }: OperationRun, { rollsBack = false }: ChangeOrder): boolean {
  const isStopping = [stop.stopStarting, stop.abort, lease.cancelled].some(({ aborted }) => aborted);
  return rollsBack && !isStopping && operation.kind !== 'rollback';
}

async function draftRollback(run: OperationRun, order: ChangeOrder, before: StateBefore): Promise<RollbackDecision> {
  const { deps, operation } = run;
  const held = (await deps.store.clusters.byId(run.cluster.id)) ?? run.cluster;
  const request = rollbackOf(run);
  const { proposal, plan } = await prepareChange(request, held, deps);
  const kept = keptSecrets(order, proposal.content);
  if (kept.length > 0) {
    return { type: 'refused', why: `values of secrets are not taken back, and it changed ${kept.join(', ')}.` };
  }
  const [loss] = findLosses(plan.steps);
  if (loss !== undefined)
    return { type: 'refused', why: `that takes ${loss.id} (${loss.why}), which has to be asked for.` };
  const undone = { operation: operation.id, before };
  return { type: 'follows', draft: await draftChange(request, { held, deps, proposal, undone }) };
}

function rollbackOf({ operation }: OperationRun): ChangeRequest {
  return { ...NO_CHANGE, kind: 'rollback', inputs: 'former', asked: { undoes: operation.id } };
}

/** Secrets that what was before has too, under values that it did not have. */
function keptSecrets({ secrets }: ChangeOrder, { resolved, cookbooks }: PinnedContent): readonly string[] {
  if (secrets.length === 0) return [];
  const known = clusterSecrets(resolved, parseCookbooks(cookbooks).cookbooks).map(({ name }) => name);
  return secrets.filter((name) => known.includes(name));
}

/** The rollback that was recorded with the end of an operation; null where none was. */
export async function findRollback({ deps, cluster, operation }: OperationRun): Promise<RecordedRollback | null> {
  const { clusters, operations } = deps.store;
  const [held, newest] = [await clusters.byId(cluster.id), await operations.newest(cluster.id)];
  if (held === undefined || newest?.request['undoes'] !== operation.id || newest.state !== 'running') return null;
  return { cluster: held, operation: newest };
}

/** A rollback, and the cluster as it is recorded since. */
export interface RecordedRollback extends Pick<OperationRun, 'operation'> {
  readonly cluster: ClusterRecord;
}
