import type { EngineDependencies } from '../context.js';
import type { Lease } from '../lease.js';
import { changeAsHolder } from '../change-as-holder.js';
import { pinContent } from '../pins.js';
import type { ClusterRecord, OperationRecord, StoreTables } from '../ports/store.js';
import type { ChangeOrder, ChangeRequest } from './change-request.js';
import { makeSecrets } from '../make-secrets.js';
import { keepSecrets, sealSecrets, type SecretOrigin } from './keep-secrets.js';
import { changedSecrets, type Proposal } from './propose-change.js';
import { newOperation } from './run-operation.js';

/**
 * Records a change in one transaction: pins, nodes with their addresses and wanted power, secrets, and the operation that
 * is to make it true. From here on every kill can be resumed.
 */
export async function recordChange(
  request: ChangeRequest,
  given: {
    readonly held: ClusterRecord;
    readonly lease: Lease;
    readonly deps: EngineDependencies;
    readonly proposal: Proposal;
  },
): Promise<{ readonly changed: ClusterRecord; readonly operation: OperationRecord }> {
  const { held, lease, deps, proposal } = given;
  const values = new Map([...proposal.secrets, ...makeSecrets(proposal.unmade, deps)]);
  const sealed = await sealSecrets(values, (name) => originOf(name, request), deps);
  const { restart, replace, rotate, data, leaveAlone, depth, isForced, asked } = request;
  const secrets = changedSecrets(proposal);
  const order: ChangeOrder = {
    ...{ asked, restart, secrets, replace, rotate, data, leaveAlone, depth, isForced },
    prepare: proposal.isPreparedAnew,
  };
  const operation = newOperation(deps, { cluster: held, kind: request.kind, request: { ...order } });
  const { changed, events } = await changeAsHolder({ deps, cluster: held, lease }, async (tables) => {
    const change = proposal.isOther ? await pinsOf(proposal, held, tables) : {};
    await tables.clusters.update(held.id, change);
    for (const node of proposal.nodes) await tables.nodes.putNode(node);
    await tables.operations.insert(operation);
    return { changed: { ...held, ...change }, events: await keepSecrets(sealed, tables, { cluster: held, operation }) };
  });
  for (const event of events) deps.onEvent(event);
  return { changed, operation };
}

function originOf(name: string, { inputs, secrets: { set, rotate } }: ChangeRequest): SecretOrigin {
  if (set.has(name)) return 'set';
  if (rotate.includes(name)) return 'rotated';
  return typeof inputs === 'object' && inputs.secrets.has(name) ? 'given by the spec' : 'made';
}

/** What was pinned before stays at hand, for a rollback. */
async function pinsOf(
  { content }: Proposal,
  held: ClusterRecord,
  tables: StoreTables,
): Promise<Pick<ClusterRecord, 'pins' | 'formerPins' | 'spec' | 'distro'>> {
  const { resolved } = content;
  const pins = await pinContent(tables.blobs, content);
  return {
    pins,
    formerPins: pins === held.pins ? held.formerPins : held.pins,
    spec: resolved.specLabel,
    distro: `${resolved.distro.name}@${resolved.distro.version}`,
  };
}
