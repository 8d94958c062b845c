import type { Secret } from '../../errors/secret.js';
import type { EngineDependencies } from '../context.js';
import type { ClusterRecord, EventRecord, OperationRecord, StoreTables } from '../ports/store.js';
import { attributeSecretName, formerSecretName, isFormerOf } from '../secret-names.js';

/** How a secret came by the value that it has now. */
export type SecretOrigin = 'given by the spec' | 'set' | 'rotated' | 'made';

/** New values of secrets by name, sealed, ready to be kept. */
export type SealedSecrets = ReadonlyMap<string, { readonly sealed: string; readonly origin: SecretOrigin }>;

/** Seals values for the store; nothing is kept yet. */
export async function sealSecrets(
  values: ReadonlyMap<string, Secret>,
  originOf: (name: string) => SecretOrigin,
  { sealer }: Pick<EngineDependencies, 'sealer'>,
): Promise<SealedSecrets> {
  const secrets = new Map<string, { readonly sealed: string; readonly origin: SecretOrigin }>();
  for (const [name, value] of values) secrets.set(name, { sealed: await sealer.seal(value), origin: originOf(name) });
  return secrets;
}

/**
 * Keeps new values of a cluster's secrets, and those that they replace for taking these out of what is printed. Returns an
 * event for each secret: who gave it a value, never which. For the transaction that records the operation.
 */
export async function keepSecrets(
  secrets: SealedSecrets,
  tables: StoreTables,
  given: { readonly cluster: Pick<ClusterRecord, 'id'>; readonly operation: OperationRecord },
): Promise<readonly Omit<EventRecord, 'sequence'>[]> {
  const { cluster, operation } = given;
  const events: Omit<EventRecord, 'sequence'>[] = [];
  for (const [name, { sealed, origin }] of secrets) {
    await keepFormer(name, tables, { owner: cluster.id, operation });
    await tables.secrets.put(cluster.id, attributeSecretName(name), sealed, operation.startedAt);
    events.push(secretEvent(name, origin, operation));
  }
  await tables.events.append(events);
  return events;
}

/** So many values of one secret are known after it changed; who has an older one has slept through all of these. */
const FORMER_VALUES = 4;

async function keepFormer(
  name: string,
  { secrets }: StoreTables,
  { owner, operation }: { readonly owner: string; readonly operation: OperationRecord },
): Promise<void> {
  const former = await secrets.get(owner, attributeSecretName(name));
  if (former === undefined) return;
  await secrets.put(owner, formerSecretName(operation.id, name), former, operation.startedAt);
  // Operation ids are in the order of time, and so are these names.
  const kept = (await secrets.list(owner)).filter((each) => isFormerOf(each, name));
  for (const old of kept.slice(0, -FORMER_VALUES)) await secrets.remove(owner, old);
}

function secretEvent(
  name: string,
  origin: SecretOrigin,
  { clusterId, id, kind, startedAt, user, host }: OperationRecord,
): Omit<EventRecord, 'sequence'> {
  return {
    at: startedAt,
    ...{ clusterId, operationId: id, node: null, role: null },
    kind: 'secret',
    text: `secret ${name} ${origin}, by ${user}@${host} (${kind})`,
    data: { name, origin, user, host },
  };
}
