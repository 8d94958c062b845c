import type { ClusterId, Digest, MachineId, NodeName, OperationId } from '../src/errors/ids.js';
import { encodeCertificates } from '../src/engine/certificates/cluster-certificates.js';
import { nextCertificates } from '../src/engine/certificates/next-certificates.js';
import { subjectOf } from '../src/engine/certificates/why-certify.js';
import type { EngineDependencies } from '../src/engine/context.js';
import { desiredState } from '../src/engine/desired-state.js';
import type { CreateRequest } from '../src/engine/operations/create-request.js';
import { newNode } from '../src/engine/operations/new-node.js';
import { openWorkspace } from '../src/engine/open-workspace.js';
import { pinContent, type PinnedHome } from '../src/engine/pins.js';
import type { ClusterRecord, MachineRecord, NodeRecord } from '../src/engine/ports/store.js';
import { TEMPLATE_RECIPE } from '../src/engine/prepare.js';
import { CERTIFICATES_SECRET } from '../src/engine/secret-names.js';
import { allocateAddresses } from '../src/plan/allocate-addresses.js';
import type { WorldStorage } from '../test/fakes/world-storage.js';

const allow = (): Promise<void> => Promise.resolve();

/** Records a cluster as its create leaves it, all of it applied, and its machines: what a plan of nothing to do needs. */
export async function recordCluster(
  request: CreateRequest,
  deps: EngineDependencies,
  world: WorldStorage,
): Promise<ClusterRecord> {
  const cluster = await recordPinned(request, deps);
  const nodes = await nodesOf(request, cluster, deps);
  await deps.store.transaction(async (tables) => {
    await tables.clusters.insert(cluster);
    for (const node of nodes) await tables.nodes.putNode(node);
    for (const node of nodes) await tables.nodes.putMachine(machineOf(node, deps));
  });
  await recordCertificates(nodes, cluster, deps);
  await recordApplied(nodes, cluster, deps);
  await letMachinesRun(cluster, deps, world);
  return cluster;
}

async function recordPinned(request: CreateRequest, deps: EngineDependencies): Promise<ClusterRecord> {
  const { resolved, distro, cookbooks, source } = request;
  return {
    id: deps.clock.newId() as ClusterId,
    name: resolved.name,
    state: 'RUNNING',
    provider: 'memory',
    spec: resolved.specLabel,
    distro: `${resolved.distro.name}@${resolved.distro.version}`,
    rehearsal: false,
    pins: await pinContent(deps.store.blobs, {
      resolved,
      distro,
      cookbooks,
      source,
      home: await homeOf(request, deps),
    }),
    formerPins: null,
    isProtected: false,
    epoch: 1,
    recordCount: 1,
    recordLeft: null,
    createdAt: deps.clock.now(),
    sshPublicKey: 'ssh-ed25519 AAAA bench',
  };
}

async function homeOf({ distro }: CreateRequest, { provider, mirror }: EngineDependencies): Promise<PinnedHome> {
  const { digest } = await provider.provider.ensureTemplate(TEMPLATE_RECIPE, allow, () => undefined);
  const trust = await mirror.ensureTrust(allow);
  const locks = [];
  for (const repo of distro.repos) {
    locks.push(...(await mirror.ensureRepo(repo, { template: digest, rehearsal: false }, allow, () => undefined)));
  }
  return {
    template: digest,
    network: 'memory0',
    prefixLength: 16,
    hostAddress: '10.64.0.1',
    caCertificate: trust.caCertificate,
    packageKeys: { 'RPM-GPG-KEY-bde': trust.gpgKey },
    mirrorUrl: 'https://10.64.0.1:8443',
    locks,
  };
}

async function nodesOf(
  { resolved }: CreateRequest,
  { id }: ClusterRecord,
  { provider }: EngineDependencies,
): Promise<readonly NodeRecord[]> {
  const { networks } = await provider.provider.inventory();
  const { name = '', range = ['', ''] } = networks[0] ?? {};
  const addresses = allocateAddresses({ network: name, range, reserved: [], foreign: [] }, resolved.nodes.length);
  return resolved.nodes.map((node, index) => ({
    ...newNode(node, { clusterId: id, address: addresses[index] ?? '', network: name }),
    memberOf: node.roles.filter((role) => role !== 'basic'),
  }));
}

function machineOf({ clusterId, name }: NodeRecord, { clock }: EngineDependencies): MachineRecord {
  return {
    id: clock.newId() as MachineId,
    clusterId,
    nodeName: name,
    generation: 1,
    standing: 'current',
    hostKey: `ssh-ed25519 AAAA ${name}`,
    shape: null,
    createdAt: clock.now(),
  };
}

async function recordCertificates(
  nodes: readonly NodeRecord[],
  cluster: ClusterRecord,
  { store, sealer, certifier, clock }: EngineDependencies,
): Promise<void> {
  const order = {
    act: 'issue' as const,
    nodes: nodes.map((node) => ({ name: node.name, subject: subjectOf(node) })),
    known: new Set(nodes.map(({ name }) => name)),
    operation: 'bench' as OperationId,
  };
  const made = await nextCertificates(null, order, { certifier, clusterName: cluster.name, nowMs: clock.now() });
  await store.secrets.put(cluster.id, CERTIFICATES_SECRET, await sealer.seal(encodeCertificates(made)));
}

async function recordApplied(
  nodes: readonly NodeRecord[],
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<void> {
  const desired = await desiredState(await openWorkspace(deps, cluster), () => true);
  const applied = new Map(
    desired.nodes.map(({ name, digests }) => [name, digests as Readonly<Record<string, Digest>>]),
  );
  await deps.store.transaction(async (tables) => {
    for (const node of nodes) await tables.nodes.putNode({ ...node, applied: applied.get(node.name) ?? {} });
  });
}

/** What the provider lists. */
async function letMachinesRun(
  { id }: ClusterRecord,
  { store }: EngineDependencies,
  world: WorldStorage,
): Promise<void> {
  const machines = await store.nodes.listMachines(id);
  const { templates } = world.read<{ templates: readonly unknown[] }>('machines.json', { templates: [] });
  const running = machines.map(({ id: machineId, nodeName, generation, hostKey }) => {
    const mark = { machineId, nodeName, generation, clusterId: id, epoch: 1 } satisfies Readonly<
      Record<string, MachineId | NodeName | ClusterId | number>
    >;
    return [machineId, { mark, state: 'on', addresses: [], hostKeyPublic: hostKey }] as const;
  });
  world.write('machines.json', { machines: Object.fromEntries(running), templates, hasNetwork: true });
}
