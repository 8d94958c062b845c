import { deepStrictEqual } from 'node:assert';
import type { ClusterRecord } from '../../../../src/engine/ports/store.js';
import { readMemoryMirror } from '../../../fakes/memory-mirror.js';
import type { Surroundings } from './controller.js';
import { whatIsKnown } from './lost-home.js';

/** What holds after every move, however it ended. */
export async function checkAlways({ world, store }: Surroundings): Promise<void> {
  if (world.violations.length > 0) throw new Error(world.violations.join('; '));
  for (const cluster of await store.clusters.list()) {
    const [nodes, machines] = await Promise.all([
      store.nodes.listNodes(cluster.id),
      store.nodes.listMachines(cluster.id),
    ]);
    const known = new Set<string>(machines.map(({ id }) => id));
    const orphans = world.machines.filter(({ mark }) => mark.clusterId === cluster.id && !known.has(mark.machineId));
    refuse(orphans.map(({ mark }) => `the store does not know the machine ${mark.machineId} of ${mark.nodeName}`));
    refuse(twice(nodes.map(({ address }) => address)).map((address) => `two nodes have the address ${address}`));
    refuse(
      twice(nodes.map(({ ordinal }) => String(ordinal))).map((ordinal) => `two nodes have the ordinal ${ordinal}`),
    );
    const disks = world.machines.flatMap(({ disks = {} }) => Object.values(disks));
    refuse(twice(disks).map((disk) => `two machines have the disk ${disk}`));
    const current = machines.filter(({ standing }) => standing === 'current').map(({ nodeName }) => nodeName);
    refuse(twice(current).map((name) => `${name} has two current machines`));
  }
}

/** What holds once a change ended well and nothing befell the cluster since. */
export async function checkAfterSuccess(
  { world, store }: Surroundings,
  cluster: ClusterRecord,
  { wanted, planned }: { readonly wanted: readonly string[]; readonly planned: readonly string[] },
): Promise<void> {
  refuse(planned.map((step) => `there is still something to do: ${step}`));
  const nodes = await store.nodes.listNodes(cluster.id);
  const machines = await store.nodes.listMachines(cluster.id);
  const left = nodes.filter(({ name }) => !wanted.includes(name));
  refuse(left.map(({ name, address }) => `${name} and its address ${address} are not free`));
  const there = world.machines.map(({ mark, state }) => `${mark.nodeName} ${state}`).sort();
  const known = nodes.map(({ name, power }) => `${name} ${power}`).sort();
  if (there.join() !== known.join()) throw new Error(`machines are ${there.join()}, nodes ${known.join()}`);
  refuse(
    machines.filter(({ standing }) => standing !== 'current').map(({ id }) => `the machine ${id} is not forgotten`),
  );
  const addresses = new Map(nodes.map(({ name, address }) => [name, address]));
  const elsewhere = world.machines.filter(({ mark, addresses: own }) => own[0] !== addresses.get(mark.nodeName));
  refuse(elsewhere.map(({ mark }) => `the machine of ${mark.nodeName} has another address than its node`));
  const bare = world.machines.filter(({ mark, disks = {} }) => mark.nodeName.includes('-s-') && !('0' in disks));
  refuse(bare.map(({ mark }) => `the machine of ${mark.nodeName} has no data disk`));
  const isOff = nodes.every(({ power }) => power === 'off');
  if (cluster.state !== (isOff ? 'STOPPED' : 'RUNNING')) throw new Error(`the cluster is ${cluster.state}`);
  if (nodes.some(({ group, power }) => group === 's' && power === 'on') && !world.hasMajority)
    throw new Error('the service has no majority after a change that ended well');
}

/** What holds once a cluster was imported whose home was lost while nothing was under way: all is known that was. */
export async function checkImported(lost: unknown, { store }: Surroundings): Promise<void> {
  deepStrictEqual(await whatIsKnown(store), lost, 'the import does not know what the lost home knew');
}

/** What holds once a cluster was deleted: all that it had is free. */
export async function checkAfterDelete({ world, store }: Surroundings): Promise<void> {
  refuse(world.machines.map(({ mark }) => `the machine ${mark.machineId} of ${mark.nodeName} is left`));
  const reserved = await store.nodes.reservedAddresses('memory0');
  refuse(reserved.map((address) => `the address ${address} is still reserved`));
  refuse(Object.keys(readMemoryMirror(world.storage).published).map((id) => `the mirror still serves ${id}`));
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('; '));
}

function twice(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
