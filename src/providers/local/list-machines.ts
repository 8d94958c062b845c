import { hostname } from 'node:os';
import type { MachineListing, MachineState } from '../../engine/ports/provider.js';
import type { ClusterId, MachineId } from '../../errors/ids.js';
import { findCgroups, isPopulated } from './cgroups.js';
import type { LocalHome } from './local-home.js';
import { isComplete, readMachineRecords, type MachineRecord } from './machine-record.js';

/** All machines of this home or of one cluster, by node name, then generation. Reads folders and cgroups only. */
export async function listMachines(home: LocalHome, clusterId?: ClusterId): Promise<readonly MachineListing[]> {
  const records = await readMachineRecords(home);
  const wanted = records.filter((record) => clusterId === undefined || record.mark.clusterId === clusterId);
  const machines = await Promise.all(wanted.map((record) => describeMachine(home, record)));
  return machines.sort(byNodeThenGeneration);
}

/** One machine as it is now. */
export async function describeMachine(home: LocalHome, record: MachineRecord): Promise<MachineListing> {
  return {
    mark: record.mark,
    state: await machineState(home, record.mark.machineId),
    addresses: record.addresses,
    host: hostname(),
  };
}

async function machineState(home: LocalHome, machineId: MachineId): Promise<MachineState> {
  if (!(await isComplete(home, machineId))) return 'partial';
  // Its cgroups have a process or not: that is so whoever died, and the supervisor keeps a rebooting machine on.
  return (await isPopulated((await findCgroups(home, machineId)).top)) ? 'on' : 'off';
}

function byNodeThenGeneration(a: MachineListing, b: MachineListing): number {
  if (a.mark.nodeName !== b.mark.nodeName) return a.mark.nodeName < b.mark.nodeName ? -1 : 1;
  return a.mark.generation - b.mark.generation;
}
