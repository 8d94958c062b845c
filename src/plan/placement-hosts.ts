import type { PlacementHost } from './place-nodes.js';

/** What placing looks at in a host of an inventory. */
export interface InventoryHost {
  readonly name: string;
  readonly rack?: string;
  /** Looked at where the host is a machine. */
  readonly cpuCount?: number;
  readonly memoryFreeMiB: number;
  readonly diskFreeMiB: number;
  readonly address?: string;
  readonly closed?: string;
}

/** The hosts that nodes may be placed on, in the inventory's order: those that are closed are not among them. */
export function placementHosts(hosts: readonly InventoryHost[], memoryIsReserved: boolean): readonly PlacementHost[] {
  return hosts
    .filter(({ closed }) => closed === undefined)
    .map(({ name, rack, cpuCount, memoryFreeMiB, diskFreeMiB, address }) => ({
      name,
      rack: rack ?? null,
      memoryFreeMiB: memoryIsReserved ? memoryFreeMiB : null,
      diskFreeMiB,
      ...(address === undefined ? {} : { machine: { address, cpuCount: cpuCount ?? Infinity } }),
    }));
}
