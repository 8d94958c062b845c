import type { BdeError } from '../errors/bde-error.js';
import type { NodeGroupSpec, StorageSpec } from './cluster-spec.js';
import { didYouMean } from './document/nearest-name.js';
import type { NodeSize, ResolvedGroup } from './resolved-cluster.js';
import type { ResolveInput } from './resolve-input.js';

/** System disk of a group that gives CPU and memory instead of a size, at a provider that knows no sizes. */
const DEFAULT_DISK_GIB = 20;

/** Every group that has nodes, with its machine's measures; a group whose size is unknown is a finding and left out. */
export function resolveGroups(input: ResolveInput): {
  readonly groups: readonly ResolvedGroup[];
  readonly findings: readonly BdeError[];
} {
  const results = input.spec.groups.map((group, index) => resolveGroup(input, group, index));
  return {
    groups: results.flatMap(({ group }) => (group !== undefined && group.count > 0 ? group : [])),
    findings: results.flatMap(({ finding }) => finding ?? []),
  };
}

function resolveGroup(input: ResolveInput, group: NodeGroupSpec, index: number) {
  const named = group.sizeName === null ? defaultSize(input) : sizeNamed(input, group.sizeName);
  if (named === undefined) return { group: undefined, finding: unknownSize(input, group, index) };
  const size = {
    cpuCount: group.cpuCount ?? named.cpuCount,
    memoryMiB: group.memoryMiB ?? named.memoryMiB,
    diskGiB: named.diskGiB,
  };
  return { group: toResolved(group, size), finding: undefined };
}

function sizeNamed({ sizes }: ResolveInput, name: string): NodeSize | undefined {
  return Object.hasOwn(sizes, name) ? sizes[name] : undefined;
}

function toResolved(group: NodeGroupSpec, size: NodeSize): ResolvedGroup {
  return {
    name: group.name,
    roles: group.roles,
    count: group.count,
    size,
    swapMiB: Math.ceil(size.memoryMiB * group.swapRatio),
    dataDisksGiB: dataDisks(group.storage),
    placement: group.placement,
    ha: group.ha,
    configuration: group.configuration,
  };
}

/** Equal disks, the last takes the remainder; no disk is left empty. */
function dataDisks(storage: StorageSpec | null): readonly number[] {
  const total = storage?.sizeGiB ?? 0;
  const count = Math.min(Math.max(storage?.diskCount ?? 0, 1), total);
  if (count === 0) return [];
  const each = Math.floor(total / count);
  return [...Array.from({ length: count - 1 }, () => each), total - each * (count - 1)];
}

/** CPU and memory come from the group; the system disk is the smallest that the provider has a name for. */
function defaultSize({ sizes }: ResolveInput): NodeSize {
  const disks = Object.values(sizes).map(({ diskGiB }) => diskGiB);
  return { cpuCount: 1, memoryMiB: 1024, diskGiB: disks.length === 0 ? DEFAULT_DISK_GIB : Math.min(...disks) };
}

function unknownSize({ sizes, source }: ResolveInput, group: NodeGroupSpec, index: number): BdeError {
  const names = Object.keys(sizes);
  const name = group.sizeName ?? '';
  return source.finding(['nodeGroups', index, 'instanceType'], {
    code: 'FIELD_INVALID',
    message: `the provider has no size "${name}"${didYouMean(name, names)}`,
    hint: `Use one of: ${names.join(', ')}; or define it in the site file.`,
    subject: { group: group.name },
  });
}
