import PQueue from 'p-queue';
import { isBdeError } from '../errors/bde-error.js';
import type { Digest, MachineId, NodeName } from '../errors/ids.js';
import type { Observed, ObservedMachine } from '../plan/desired.js';
import type { EngineDependencies } from './context.js';
import { openLinks } from './open-links.js';
import type { MachineListing } from './ports/provider.js';
import type { ClusterRecord, MachineRecord, NodeRecord } from './ports/store.js';

/** How far a look at the world goes: the store alone, the provider's machines as well, or the nodes too. */
export type ObserveDepth = 'none' | 'inventory' | 'nodes';

/** How long a node may take to answer when it is only looked at. */
const LOOK_MS = 5_000;

/** One look at the world. `nodes` are the places to look at: those that are recorded, unless a change proposes others. */
export async function observe(
  deps: EngineDependencies,
  cluster: ClusterRecord,
  given: { readonly depth: ObserveDepth; readonly nodes?: readonly NodeRecord[] },
): Promise<Observed> {
  const inventory = await observeInventory(deps, cluster, given);
  if (given.depth !== 'nodes') return inventory;
  return { ...inventory, applied: { ...inventory.applied, ...(await askNodes(deps, cluster, inventory)) } };
}

/** What the store and, unless the depth is `none`, the provider know. */
export async function observeInventory(
  deps: Pick<EngineDependencies, 'store' | 'provider'>,
  cluster: Pick<ClusterRecord, 'id'>,
  given: { readonly depth?: ObserveDepth; readonly nodes?: readonly NodeRecord[] } = {},
): Promise<Observed> {
  const [machines, recorded] = await Promise.all([
    deps.store.nodes.listMachines(cluster.id),
    deps.store.nodes.listNodes(cluster.id),
  ]);
  const nodes = given.nodes ?? recorded;
  return {
    nodes: nodes.map(({ name, roles, memberOf }) => ({ name, roles, memberOf })),
    machines:
      given.depth === 'none'
        ? machines.map((machine) => trusted(machine, nodes))
        : await withDisks(deps, listed(machines, await deps.provider.provider.list(cluster.id))),
    applied: Object.fromEntries(nodes.map((node) => [node.name, node.applied])),
  };
}

/** A machine is taken to be as it was left. */
function trusted(machine: MachineRecord, nodes: readonly NodeRecord[]): ObservedMachine {
  const state = nodes.find(({ name }) => name === machine.nodeName)?.power ?? 'on';
  return { ...recordedPart(machine), state };
}

function recordedPart({ id, nodeName, generation, standing, shape }: MachineRecord): Omit<ObservedMachine, 'state'> {
  return { machineId: id, node: nodeName, generation, current: standing === 'current', shape };
}

function listed(machines: readonly MachineRecord[], listings: readonly MachineListing[]): readonly ObservedMachine[] {
  const records = new Map(machines.map((machine) => [machine.id, machine]));
  const there = listings.map(({ mark, state }): ObservedMachine => {
    const record = records.get(mark.machineId);
    return {
      machineId: mark.machineId,
      node: mark.nodeName,
      generation: mark.generation,
      state,
      current: record?.standing === 'current',
      shape: record?.shape ?? null,
    };
  });
  const names = new Set(listings.map(({ mark }) => mark.machineId));
  const gone = machines.filter(({ id }) => !names.has(id));
  return [...there, ...gone.map((machine) => ({ ...recordedPart(machine), state: 'absent' as const }))];
}

/** With which data disks could be taken over, where machines have some. */
async function withDisks(
  { provider }: Pick<EngineDependencies, 'provider'>,
  machines: readonly ObservedMachine[],
): Promise<readonly ObservedMachine[]> {
  const ids = machines.flatMap(({ machineId, shape }) =>
    shape === null || shape.dataDisksGiB.length === 0 ? [] : [machineId as MachineId],
  );
  if (ids.length === 0 || provider.disks === undefined) return machines;
  const readable = await provider.disks.readable(ids);
  return machines.map((machine) => {
    const readableDisks = readable.get(machine.machineId as MachineId);
    return readableDisks === undefined ? machine : { ...machine, readableDisks };
  });
}

/** What each node that answers says is applied there. */
async function askNodes(
  deps: EngineDependencies,
  cluster: ClusterRecord,
  { machines }: Observed,
): Promise<Readonly<Record<NodeName, Readonly<Record<string, Digest>>>>> {
  const links = await openLinks(deps, cluster);
  const queue = new PQueue({ concurrency: deps.limits.connectsAtOnce });
  const { signal } = new AbortController();
  const running = machines.filter(({ current, state }) => current && state === 'on');
  try {
    const answers = await Promise.all(
      running.map(({ node }) =>
        queue.add(async () => {
          try {
            const { applied } = await (await links.to(node, signal, LOOK_MS)).hello();
            return [[node, applied] as const];
          } catch (error) {
            // What cannot be asked is taken as recorded; steps on the node will say why it does not answer.
            if (isBdeError(error)) return [];
            throw error;
          }
        }),
      ),
    );
    return Object.fromEntries(answers.flat());
  } finally {
    await links.closeAll();
  }
}
