import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { HostInventory, Inventory, NetworkInventory } from '../../engine/ports/provider.js';
import { isThere } from './file-facts.js';
import { findForeignAddresses } from './foreign-addresses.js';
import { findMissingNeeds } from './host-needs.js';
import type { LocalHome } from './local-home.js';
import { findSubnet } from './network-record.js';
import { describeNetwork } from './own-network.js';

const MIB = 2 ** 20;

/** This host with what is free, its network, and what it lacks. Changes nothing. */
export async function readInventory(home: LocalHome): Promise<Inventory> {
  const missing = await findMissingNeeds(process.env['PATH'] ?? '');
  // Without `ip` nobody can say which networks are free; the missing program is told anyway.
  const networks = missing.some(({ what }) => what === 'ip') ? [] : [await readNetwork(home)];
  return { hosts: [await readHost(home)], networks, missing };
}

async function readNetwork(home: LocalHome): Promise<NetworkInventory> {
  const subnet = await findSubnet(home);
  return { ...describeNetwork(home, subnet), foreignAddresses: await findForeignAddresses(home, subnet) };
}

async function readHost(home: LocalHome): Promise<HostInventory> {
  const disk = await statfs(await nearestFolder(home.dataDir));
  return {
    name: hostname(),
    cpuCount: availableParallelism(),
    memoryMiB: Math.floor(totalmem() / MIB),
    memoryFreeMiB: parseAvailableMemory(await readFile('/proc/meminfo', 'utf8')),
    diskFreeMiB: Math.floor((disk.bavail * disk.bsize) / MIB),
  };
}

/** Memory that can be had without swapping, in MiB, from `/proc/meminfo`. */
export function parseAvailableMemory(meminfo: string): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? '0';
  return Math.floor(Number(kib) / 1024);
}

async function nearestFolder(path: string): Promise<string> {
  return (await isThere(path)) ? path : nearestFolder(dirname(path));
}
