import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from '../../engine/ports/guard.js';
import type { Orphans } from '../../engine/ports/provider.js';
import type { MachineId } from '../../errors/ids.js';
import { listCgroupIds } from './cgroups.js';
import { removeFolder, removeProcesses } from './destroy-machine.js';
import { isThere } from './file-facts.js';
import { hostLink, type LocalHome } from './local-home.js';
import { listMachineFolders, readMachineRecords, type MachineRecord } from './machine-record.js';
import { parseMountPoints } from './mount-points.js';
import { removeNetwork } from './own-network.js';
import { runOrFail } from './run-command.js';

/** Something of this home that belongs to no machine. */
interface Orphan {
  readonly text: string;
  readonly remove: (guard: Guard) => Promise<void>;
}

/** Finds what a lost folder, a killed hand or an older bde left. What belongs to a machine, partial ones included, is none. */
export function orphans(home: LocalHome): Orphans {
  return {
    listOrphans: async () => (await findOrphans(home)).map((orphan) => orphan.text),
    async removeOrphans(guard) {
      for (const orphan of await findOrphans(home)) await orphan.remove(guard);
    },
  };
}

/** In the order of removal: processes hold links and mounts, mounts hold folders. */
async function findOrphans(home: LocalHome): Promise<readonly Orphan[]> {
  const records = await readMachineRecords(home);
  const ids = new Set<string>(records.map((record) => record.mark.machineId));
  const found = await Promise.all([
    orphanCgroups(home, ids),
    orphanLinks(home, records),
    orphanMounts(home),
    orphanFolders(home, ids),
    orphanNetwork(home, records),
  ]);
  return found.flat();
}

async function orphanCgroups(home: LocalHome, ids: ReadonlySet<string>): Promise<readonly Orphan[]> {
  return (await listCgroupIds(home))
    .filter((id) => !ids.has(id))
    .map((id) => ({
      text: `cgroup ${home.cgroup}/${id} and its processes`,
      remove: (guard) => removeProcesses(home, id as MachineId, guard),
    }));
}

async function orphanLinks(home: LocalHome, records: readonly MachineRecord[]): Promise<readonly Orphan[]> {
  const own = new Set(records.flatMap((record) => record.addresses.map((address) => hostLink(home, address))));
  return (await readdir('/sys/class/net'))
    .filter((link) => link.startsWith(`vb-${home.homeKey}`) && !own.has(link))
    .map((link) => ({
      text: `network link ${link}`,
      remove: async (guard) => {
        await guard();
        // It may have gone with the processes of its cgroup.
        if (await isThere(`/sys/class/net/${link}`)) await runOrFail(home.run, ['ip', 'link', 'delete', link]);
      },
    }));
}

/** Machines' mounts are in their own namespaces, so any that the host shows is somebody's by hand. */
async function orphanMounts(home: LocalHome): Promise<readonly Orphan[]> {
  return parseMountPoints(await readFile('/proc/self/mountinfo', 'utf8'))
    .filter((path) => path.startsWith(`${home.dataDir}/`))
    .reverse()
    .map((path) => ({
      text: `mount ${path}`,
      remove: async (guard) => {
        await guard();
        await runOrFail(home.run, ['umount', '--lazy', path]);
      },
    }));
}

async function orphanFolders(home: LocalHome, ids: ReadonlySet<string>): Promise<readonly Orphan[]> {
  return (await listMachineFolders(home))
    .filter((name) => !ids.has(name))
    .map((name) => ({
      text: `folder ${join(home.machinesDir, name)} without a readable mark`,
      remove: (guard) => removeFolder(home, join(home.machinesDir, name), guard),
    }));
}

async function orphanNetwork(home: LocalHome, records: readonly MachineRecord[]): Promise<readonly Orphan[]> {
  if (records.length > 0 || !(await isThere(`/sys/class/net/${home.bridge}`))) return [];
  return [{ text: `bridge ${home.bridge} without a machine`, remove: (guard) => removeNetwork(home, guard) }];
}
