import type { NodeName } from '../errors/ids.js';
import type { ResolvedCluster, ResolvedGroup, ResolvedNode } from '../spec/resolved-cluster.js';

/** A host with what it has free. A resource that is only capped may be overcommitted: its free figure is not counted. */
export interface PlacementHost {
  readonly name: string;
  /** Null: the host is in no rack. */
  readonly rack: string | null;
  /** Null: not counted. */
  readonly memoryFreeMiB: number | null;
  readonly diskFreeMiB: number;
  /** The host itself is the machine: it carries one node, if it has the CPUs. */
  readonly machine?: { readonly address: string; readonly cpuCount: number };
}

/** Where each node goes, or why some cannot. */
export interface Placement {
  /** One entry for each node that was placed. */
  readonly hosts: ReadonlyMap<NodeName, string>;
  readonly unplaced: readonly UnplacedNode[];
}

/** A node that fits nowhere, with the host that comes nearest and what it lacks there. */
export interface UnplacedNode {
  readonly node: NodeName;
  readonly group: string;
  readonly reason: 'memory' | 'disk' | 'cpu' | 'hosts-taken' | 'instances-per-host' | 'association' | 'no-host';
  /** MiB that the best host is short of, for memory and disk; else 0. */
  readonly shortMiB: number;
}

/**
 * Places nodes on hosts: groups that others refer to first, then those with more storage; each node on the allowed host
 * that carries fewest of its group, then fewest of the cluster, then has most room, then the first by name.
 *
 * Deterministic. A node that fits nowhere does not keep others from being placed.
 */
export function placeNodes(
  cluster: Pick<ResolvedCluster, 'nodes' | 'groups'>,
  hosts: readonly PlacementHost[],
): Placement {
  const placer = new Placer(hosts);
  for (const group of orderGroups(cluster.groups)) {
    for (const node of cluster.nodes) if (node.group === group.name) placer.place(node, group);
  }
  return { hosts: placer.hosts, unplaced: placer.unplaced };
}

/** Data and swap are files of the asked size; the system disk is a delta over the template. */
export function diskOfNode(group: Pick<ResolvedGroup, 'dataDisksGiB' | 'swapMiB'>): number {
  return group.dataDisksGiB.reduce((sum, size) => sum + size * 1024, group.swapMiB);
}

function orderGroups(groups: readonly ResolvedGroup[]): readonly ResolvedGroup[] {
  const referred = new Set(groups.map((group) => group.placement.association?.group));
  const rank = (group: ResolvedGroup): number => (referred.has(group.name) ? 0 : 1);
  return groups.toSorted((a, b) => rank(a) - rank(b) || diskOfNode(b) - diskOfNode(a));
}

/** A host while nodes are put on it. */
interface Room {
  readonly host: PlacementHost;
  memoryFreeMiB: number;
  diskFreeMiB: number;
  readonly groups: string[];
}

class Placer {
  readonly hosts = new Map<NodeName, string>();
  readonly unplaced: UnplacedNode[] = [];
  readonly #rooms: readonly Room[];

  constructor(hosts: readonly PlacementHost[]) {
    this.#rooms = hosts.map((host) => ({
      host,
      memoryFreeMiB: host.memoryFreeMiB ?? Infinity,
      diskFreeMiB: host.diskFreeMiB,
      groups: [],
    }));
  }

  place(node: ResolvedNode, group: ResolvedGroup): void {
    const allowed = this.#allowed(group);
    const fitting = allowed.rooms.filter((room) => fits(room, group));
    const best = fitting.toSorted((a, b) => this.#compare(a, b, group))[0];
    if (best === undefined) {
      this.unplaced.push({ node: node.name, group: group.name, ...whyNot(allowed, group) });
      return;
    }
    best.memoryFreeMiB -= group.size.memoryMiB;
    best.diskFreeMiB -= diskOfNode(group);
    best.groups.push(group.name);
    this.hosts.set(node.name, best.host.name);
  }

  #allowed(group: ResolvedGroup): AllowedRooms {
    if (this.#rooms.length === 0) return { rooms: [], emptyBecause: 'no-host' };
    const free = this.#rooms.filter((room) => room.host.machine === undefined || room.groups.length === 0);
    if (free.length === 0) return { rooms: [], emptyBecause: 'hosts-taken' };
    const able = free.filter(({ host }) => (host.machine?.cpuCount ?? Infinity) >= group.size.cpuCount);
    if (able.length === 0) return { rooms: [], emptyBecause: 'cpu' };
    const { instancesPerHost, association } = group.placement;
    const spread = able.filter((room) => instancesPerHost === null || countOf(room, group) < instancesPerHost);
    if (spread.length === 0) return { rooms: [], emptyBecause: 'instances-per-host' };
    if (association === null) return { rooms: this.#ofRacks(spread, group), emptyBecause: null };
    const beside = spread.filter((room) => room.groups.includes(association.group));
    if (beside.length > 0) return { rooms: beside, emptyBecause: null };
    return association.type === 'STRICT'
      ? { rooms: [], emptyBecause: 'association' }
      : { rooms: spread, emptyBecause: null };
  }

  /** SAMERACK: where the group is already, or anywhere for its first node. */
  #ofRacks(rooms: readonly Room[], group: ResolvedGroup): readonly Room[] {
    const { racks } = group.placement;
    if (racks === null) return rooms;
    const named = rooms.filter(({ host }) => racks.racks.length === 0 || racks.racks.includes(host.rack ?? ''));
    if (racks.type === 'ROUNDROBIN') return named;
    const used = this.#rooms.find((room) => room.groups.includes(group.name))?.host.rack;
    return used === undefined ? named : named.filter(({ host }) => host.rack === used);
  }

  #compare(a: Room, b: Room, group: ResolvedGroup): number {
    return (
      this.#rackCount(a, group) - this.#rackCount(b, group) ||
      countOf(a, group) - countOf(b, group) ||
      a.groups.length - b.groups.length ||
      compareRoom(b, a) ||
      (a.host.name < b.host.name ? -1 : 1)
    );
  }

  /** Nodes of the group in the host's rack, where racks take turns. */
  #rackCount(room: Room, group: ResolvedGroup): number {
    if (group.placement.racks?.type !== 'ROUNDROBIN') return 0;
    const inRack = this.#rooms.filter(({ host }) => host.rack === room.host.rack);
    return inRack.reduce((sum, each) => sum + countOf(each, group), 0);
  }
}

interface AllowedRooms {
  readonly rooms: readonly Room[];
  /** Why policies leave no host; null where they leave some. */
  readonly emptyBecause: Exclude<UnplacedNode['reason'], 'memory' | 'disk'> | null;
}

function countOf(room: Room, group: ResolvedGroup): number {
  return room.groups.filter((name) => name === group.name).length;
}

function fits(room: Room, group: ResolvedGroup): boolean {
  return room.memoryFreeMiB >= group.size.memoryMiB && room.diskFreeMiB >= diskOfNode(group);
}

/** Positive where `a` has more room. Memory that is not counted is the same everywhere. */
function compareRoom(a: Room, b: Room): number {
  return a.memoryFreeMiB === b.memoryFreeMiB ? a.diskFreeMiB - b.diskFreeMiB : a.memoryFreeMiB - b.memoryFreeMiB;
}

function whyNot(allowed: AllowedRooms, group: ResolvedGroup): Pick<UnplacedNode, 'reason' | 'shortMiB'> {
  if (allowed.emptyBecause !== null) return { reason: allowed.emptyBecause, shortMiB: 0 };
  const shortages = allowed.rooms.map((room) => ({
    memory: group.size.memoryMiB - room.memoryFreeMiB,
    disk: diskOfNode(group) - room.diskFreeMiB,
  }));
  const smallest = (key: 'memory' | 'disk'): number => Math.min(...shortages.map((shortage) => shortage[key]));
  return smallest('memory') > 0
    ? { reason: 'memory', shortMiB: smallest('memory') }
    : { reason: 'disk', shortMiB: Math.max(0, smallest('disk')) };
}
