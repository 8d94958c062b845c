import type { OperationId } from '../../errors/ids.js';
import type { EngineDependencies } from '../context.js';
import type { Lease } from '../lease.js';
import { changeAsHolder } from '../change-as-holder.js';
import { pinContent } from '../pins.js';
import type { ClusterRecord, EventRecord, OperationRecord, StoreTables } from '../ports/store.js';
import type { ChangeOrder, ChangeRequest, StateBefore } from './change-request.js';
import { makeSecrets } from '../make-secrets.js';
import { keepSecrets, sealSecrets, type SecretOrigin } from './keep-secrets.js';
import { changedSecrets, hasOtherPins, type Proposal } from './propose-change.js';
import { newOperation } from './run-operation.js';

/** A change that is ready to be recorded, by a transaction that may record more. */
export interface ChangeDraft {
  readonly operation: OperationRecord;
  /** Writes pins, nodes with their addresses and wanted power, secrets, and the operation that is to make it true. */
  readonly record: (tables: StoreTables) => Promise<RecordedChange>;
}

/** A change that is recorded, and what it tells of the secrets that have other values. */
export interface RecordedChange {
  readonly changed: ClusterRecord;
  readonly events: readonly Omit<EventRecord, 'sequence'>[];
}

/** The operation that a change takes back by itself, and what was before that one. */
export interface Undone {
  readonly operation: OperationId;
  readonly before: StateBefore;
}

/** Records a change in one transaction. From here on every kill can be resumed. */
export async function recordChange(
  request: ChangeRequest,
  given: ProposedChange & { readonly lease: Lease },
): Promise<{ readonly changed: ClusterRecord; readonly operation: OperationRecord }> {
  const { held, lease, deps } = given;
  const { operation, record } = await draftChange(request, given);
  const { changed, events } = await changeAsHolder({ deps, cluster: held, lease }, record);
  for (const event of events) deps.onEvent(event);
  return { changed, operation };
}

/** A change that was worked out for a cluster as it is now. */
export interface ProposedChange {
  readonly held: ClusterRecord;
  readonly deps: EngineDependencies;
  readonly proposal: Proposal;
}

/** Makes all of a change that is to be recorded; nothing is yet. */
export async function draftChange(
  request: ChangeRequest,
  { held, deps, proposal, undone }: ProposedChange & { readonly undone?: Undone },
): Promise<ChangeDraft> {
  const values = new Map([...proposal.secrets, ...makeSecrets(proposal.unmade, deps)]);
  const sealed = await sealSecrets(values, (name) => originOf(name, request), deps);
  const order = orderOf(request, { held, proposal, undone });
  const operation = newOperation(deps, { cluster: held, kind: request.kind, request: { ...order } });
  const record = async (tables: StoreTables): Promise<RecordedChange> => {
    const change = proposal.isOther ? await pinsOf(proposal, { held, undone, tables }) : {};
    await tables.clusters.update(held.id, change);
    for (const node of proposal.nodes) await tables.nodes.putNode(node);
    await tables.operations.insert(operation);
    return { changed: { ...held, ...change }, events: await keepSecrets(sealed, tables, { cluster: held, operation }) };
  };
  return { operation, record };
}

function orderOf(
  { asked, restart, replace, rotate, data, leaveAlone, depth, isForced, rollsBack }: ChangeRequest,
  given: { readonly held: ClusterRecord; readonly proposal: Proposal; readonly undone: Undone | undefined },
): ChangeOrder {
  const { held, proposal, undone } = given;
  const { pins, formerPins, state } = held;
  return {
    ...{ asked, restart, secrets: changedSecrets(proposal), replace, rotate, data },
    ...{ leaveAlone, depth, isForced, rollsBack, isOther: hasOtherPins(proposal) },
    roused: proposal.roused,
    prepare: proposal.isPreparedAnew,
    ...(proposal.isOther ? { before: { pins, formerPins, state } } : {}),
    ...(undone === undefined ? {} : { undoes: undone.operation }),
  };
}

function originOf(name: string, { inputs, secrets: { set, rotate } }: ChangeRequest): SecretOrigin {
  if (set.has(name)) return 'set';
  if (rotate.includes(name)) return 'rotated';
  return typeof inputs === 'object' && inputs.secrets.has(name) ? 'given by the spec' : 'made';
}

/**
 * What was pinned before stays at hand, for a rollback. One that follows by itself leaves no trace: what its cluster could go
 * back to before is what it can go back to again.
 */
async function pinsOf(
  { content: { resolved, ...content } }: Proposal,
  given: { readonly held: ClusterRecord; readonly undone: Undone | undefined; readonly tables: StoreTables },
): Promise<Pick<ClusterRecord, 'pins' | 'formerPins' | 'spec' | 'distro'>> {
  const { held, undone, tables } = given;
  const pins = await pinContent(tables.blobs, { resolved, ...content });
  const formerPins = pins === held.pins ? held.formerPins : held.pins;
  return {
    pins,
    formerPins: undone === undefined ? formerPins : undone.before.formerPins,
    spec: resolved.specLabel,
    distro: `${resolved.distro.name}@${resolved.distro.version}`,
  };
}
