import { BdeError } from '../../errors/bde-error.js';
import type { ClusterId } from '../../errors/ids.js';
import { assignAddresses } from '../../plan/assign-addresses.js';
import type { EngineDependencies, StopSignals } from '../context.js';
import { writePins } from '../pins.js';
import type { Inventory, NetworkInventory } from '../ports/provider.js';
import type { ClusterRecord, StoreTables } from '../ports/store.js';
import { makeSecrets } from '../make-secrets.js';
import { SSH_KEY_SECRET } from '../secret-names.js';
import { compileAhead, unmadeSecrets } from './compile-ahead.js';
import { continueCreate } from './continue-create.js';
import { holdCluster } from './hold-cluster.js';
import { keepSecrets, sealSecrets, type SealedSecrets } from './keep-secrets.js';
import { newNode } from './new-node.js';
import { newOperation } from './run-operation.js';
import type { CreateRequest } from './create-request.js';

/**
 * Records cluster and operation, then prepares, plans and runs to RUNNING.
 *
 * @throws BdeError `CLUSTER_EXISTS`, `PREFLIGHT_FAILED`, `COOKBOOK_INVALID`, `RENDER_FAILED` before anything is recorded;
 *   later those of its steps
 */
export async function createCluster(
  request: CreateRequest,
  deps: EngineDependencies,
  stop: StopSignals,
): Promise<void> {
  const { resolved } = request;
  const { networks, hosts } = await deps.provider.provider.inventory();
  const [network] = networks;
  if (network === undefined) throw new BdeError('PREFLIGHT_FAILED', 'The provider has no network for the nodes.');
  await compileAhead(request, deps);
  const keys = deps.nodes.generateKeyPair(`bde-${resolved.name}`);
  const secrets = await firstSecrets(request, deps);
  const sealedKey = await deps.sealer.seal(keys.privateOpenSsh);
  stop.stopStarting.throwIfAborted();
  const { cluster, operation, events } = await deps.store.transaction(async (tables) => {
    const record = await newCluster(request, { deps, tables, sshPublicKey: keys.publicOpenSsh });
    const first = newOperation(deps, { cluster: record, kind: 'create', request: request.asked });
    await tables.clusters.insert(record);
    await tables.operations.insert(first);
    await tables.secrets.put(record.id, SSH_KEY_SECRET, sealedKey);
    await reserveAddresses(tables, { network, hosts, request, deps }, record.id);
    const given = { cluster: record, operation: first };
    return { ...given, events: await keepSecrets(secrets, tables, given) };
  });
  for (const event of events) deps.onEvent(event);
  deps.faults.reach({ kind: 'begin-create' }, 'recorded');
  await holdCluster(deps, cluster, (lease, held) => continueCreate({ deps, cluster: held, operation, lease, stop }));
}

/** Its pins are written in the transaction that names them: else a clean-up elsewhere could take them for left over. */
async function newCluster(
  request: CreateRequest,
  given: { readonly deps: EngineDependencies; readonly tables: StoreTables; readonly sshPublicKey: string },
): Promise<ClusterRecord> {
  const { resolved, distro, cookbooks } = request;
  const { deps, tables, sshPublicKey } = given;
  return {
    id: deps.clock.newId() as ClusterId,
    name: resolved.name,
    state: 'PROVISIONING',
    provider: deps.provider.provider.describe().name,
    spec: resolved.specLabel,
    distro: `${resolved.distro.name}@${resolved.distro.version}`,
    rehearsal: request.rehearsal,
    pins: await writePins(tables.blobs, { resolved, distro, cookbooks, source: request.source }),
    epoch: 0,
    recordCount: 0,
    recordLeft: null,
    createdAt: deps.clock.now(),
    sshPublicKey,
    formerPins: null,
    isProtected: false,
  };
}

/** In the transaction that records the operation, so that no two clusters can get one address. */
async function reserveAddresses(
  tables: StoreTables,
  given: {
    readonly network: NetworkInventory;
    readonly hosts: Inventory['hosts'];
    readonly request: CreateRequest;
    readonly deps: EngineDependencies;
  },
  clusterId: ClusterId,
): Promise<void> {
  const { network, hosts, request, deps } = given;
  const reserved = await tables.nodes.reservedAddresses(network.name);
  const pool = { network: network.name, range: network.range, reserved, foreign: network.foreignAddresses };
  const memoryIsReserved = deps.provider.provider.describe().memory === 'reserved';
  const addresses = assignAddresses(request.resolved, { pool, hosts, memoryIsReserved });
  for (const node of request.resolved.nodes) {
    const address = addresses.get(node.name);
    if (address === undefined) continue;
    await tables.nodes.putNode(newNode(node, { clusterId, address, network: network.name }));
  }
}

/** The values that the spec gives, and those that bde makes where it gives none. */
async function firstSecrets(request: CreateRequest, deps: EngineDependencies): Promise<SealedSecrets> {
  const made = makeSecrets(unmadeSecrets(request), deps);
  return sealSecrets(
    new Map([...request.secrets, ...made]),
    (name) => (made.has(name) ? 'made' : 'given by the spec'),
    deps,
  );
}
