import { join } from 'node:path';
import type { MachineSize } from '../../engine/ports/provider.js';

/**
 * Where a host has its cgroups: the cgroup2 hierarchy, and beside it, on a hybrid host, the version 1 hierarchies that
 * systemd and our limits use. `legacy` is empty on a pure cgroup2 host.
 */
export interface CgroupLayout {
  readonly unified: string;
  readonly legacy: Readonly<Partial<Record<LegacyHierarchy, string>>>;
}

/** Version 1 hierarchies that a machine gets a cgroup in. */
export type LegacyHierarchy = 'name=systemd' | 'cpu' | 'memory';

/** Cgroups of one machine. `all` holds everything, deepest last; `node` is the machine's, `watch` its supervisor's. */
export interface MachineCgroups {
  readonly top: string;
  readonly watch: string;
  readonly node: string;
  /** One for the machine in each hierarchy, `node` first. */
  readonly members: readonly string[];
  /** What to remove with the machine. */
  readonly roots: readonly string[];
}

/** A file of a cgroup and what to write to it. */
export interface CgroupSetting {
  readonly path: string;
  readonly value: string;
}

const LEGACY_HIERARCHIES: readonly LegacyHierarchy[] = ['name=systemd', 'cpu', 'memory'];
const CPU_PERIOD_US = 100_000;

/**
 * Reads the layout from `/proc/self/mountinfo`; undefined when there is no cgroup2 hierarchy, as machines need one.
 *
 * A line is `36 35 98:0 / /mnt rw - cgroup cgroup rw,cpu`: the mount point is the fifth field, type and options follow the
 * hyphen (proc(5)).
 */
export function parseCgroupLayout(mountinfo: string): CgroupLayout | undefined {
  let unified: string | undefined;
  const legacy: Partial<Record<LegacyHierarchy, string>> = {};
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const path = left.split(' ')[4];
    const [type, , options = ''] = right.split(' ');
    if (path === undefined) continue;
    if (type === 'cgroup2') unified ??= path;
    if (type !== 'cgroup') continue;
    for (const name of LEGACY_HIERARCHIES) if (options.split(',').includes(name)) legacy[name] ??= path;
  }
  return unified === undefined ? undefined : { unified, legacy };
}

/** Paths of a machine's cgroups; `home` is the name of the home's folder in each hierarchy. */
export function machineCgroups(layout: CgroupLayout, home: string, machineId: string): MachineCgroups {
  const top = join(layout.unified, home, machineId);
  const node = join(top, 'node');
  const legacy = Object.values(layout.legacy).map((path) => join(path, home, machineId));
  const members = [node, ...legacy.map((path) => join(path, 'node'))];
  return { top, watch: join(top, 'watch'), node, members, roots: [top, ...legacy] };
}

/** Folder of a home in each hierarchy. */
export function homeCgroups(layout: CgroupLayout, home: string): readonly string[] {
  return [layout.unified, ...Object.values(layout.legacy)].map((path) => join(path, home));
}

/**
 * Limits of a machine, in the order of writing. Files that a host has not (no such controller, no swap accounting) are
 * left out by the writer. On cgroup2 the controllers have to be handed down first.
 */
export function cgroupSettings(
  layout: CgroupLayout,
  cgroups: MachineCgroups,
  size: MachineSize & { swapMiB: number },
): readonly CgroupSetting[] {
  const quota = size.cpuCount * CPU_PERIOD_US;
  const memory = size.memoryMiB * 2 ** 20;
  const swap = size.swapMiB * 2 ** 20;
  const { cpu, memory: memoryHierarchy } = layout.legacy;
  const inLegacy = (path: string, file: string) => join(path, relativeToHierarchy(layout, cgroups), file);
  return [
    ...(cpu === undefined ? [] : [{ path: inLegacy(cpu, 'cpu.cfs_quota_us'), value: String(quota) }]),
    ...(memoryHierarchy === undefined
      ? []
      : [
          { path: inLegacy(memoryHierarchy, 'memory.limit_in_bytes'), value: String(memory) },
          { path: inLegacy(memoryHierarchy, 'memory.memsw.limit_in_bytes'), value: String(memory + swap) },
        ]),
    { path: join(cgroups.node, 'cpu.max'), value: `${quota} ${CPU_PERIOD_US}` },
    { path: join(cgroups.node, 'memory.max'), value: String(memory) },
    { path: join(cgroups.node, 'memory.swap.max'), value: String(swap) },
  ];
}

function relativeToHierarchy(layout: CgroupLayout, cgroups: MachineCgroups): string {
  return cgroups.top.slice(layout.unified.length);
}
