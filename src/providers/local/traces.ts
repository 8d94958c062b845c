import { hostname } from 'node:os';
import type { MachineTrace } from '../../engine/ports/provider.js';
import type { MachineId } from '../../errors/ids.js';
import { findCgroups } from './cgroups.js';
import { isThere } from './file-facts.js';
import { hostLink, machineFolder, type LocalHome } from './local-home.js';
import { readMachineRecord } from './machine-record.js';

/** What there is of machines on this host: processes, link, folder, in the order in which they are removed. */
export async function tracesOf(
  home: LocalHome,
  machineIds: readonly MachineId[],
): Promise<ReadonlyMap<MachineId, readonly MachineTrace[]>> {
  return new Map(await Promise.all(machineIds.map(async (id) => [id, await tracesOfOne(home, id)] as const)));
}

async function tracesOfOne(home: LocalHome, machineId: MachineId): Promise<readonly MachineTrace[]> {
  const record = await readMachineRecord(home, machineId);
  const { top, roots } = await findCgroups(home, machineId);
  const { path } = machineFolder(home, machineId);
  const links = (record?.addresses ?? []).map((address) => hostLink(home, address));
  const places = [
    ...roots.map((root) => ({
      path: root,
      what: 'cgroup',
      how: `echo 1 >${top}/cgroup.kill; find ${root} -type d -delete`,
    })),
    ...links.map((link) => ({ path: `/sys/class/net/${link}`, what: 'link', how: `ip link delete ${link}` })),
    { path, what: 'folder', how: `rm -rf --one-file-system -- ${path}` },
  ];
  const there = await Promise.all(places.map((place) => isThere(place.path)));
  return places
    .filter((_, index) => there[index])
    .map((place) => ({ where: `${place.what} ${place.path} on ${hostname()}`, how: place.how }));
}
