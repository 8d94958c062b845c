import type { BdeError } from '../errors/bde-error.js';
import { MAX_NODE_NAME, nodeNameOf } from './cluster-name.js';
import type { ResolvedGroup } from './resolved-cluster.js';
import type { ResolveInput } from './resolve-input.js';

/** Most nodes of one cluster: so many are planned in seconds (docs/performance.md). */
export const MAX_NODES = 10_000;

/** What is wrong with the nodes that the groups make: names, memory, their number. */
export function checkNodes(input: ResolveInput, groups: readonly ResolvedGroup[]): readonly BdeError[] {
  const findings = groups.flatMap((group) => [...checkName(input, group), ...checkMemory(input, group)]);
  return [...checkTotal(input), ...findings];
}

function checkTotal({ spec, source }: ResolveInput): readonly BdeError[] {
  const total = spec.groups.reduce((sum, { count }) => sum + count, 0);
  if (total > 0 && total <= MAX_NODES) return [];
  const message =
    total === 0 ? 'the cluster has no nodes' : `the cluster has ${total} nodes; allowed are at most ${MAX_NODES}`;
  return [source.finding(['nodeGroups'], { code: 'SPEC_UNSATISFIED', message })];
}

function checkName({ name, source, spec }: ResolveInput, group: ResolvedGroup): readonly BdeError[] {
  const longest = nodeNameOf(name, group.name, group.count - 1);
  if (longest.length <= MAX_NODE_NAME) return [];
  return [
    source.finding(['nodeGroups', spec.groups.findIndex((each) => each.name === group.name), 'name'], {
      code: 'FIELD_INVALID',
      message: `the node name ${longest} has ${longest.length} characters; allowed are at most ${MAX_NODE_NAME}`,
      hint: 'Shorten the name of the cluster or of the group.',
      subject: { group: group.name },
    }),
  ];
}

/** Roles of one node share its memory: their minimums add up. */
function checkMemory({ roles, source, spec }: ResolveInput, group: ResolvedGroup): readonly BdeError[] {
  const minimums = group.roles.map((role) => ({ role, memoryMiB: roles.get(role)?.minimumMemoryMiB ?? 0 }));
  const needed = minimums.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  if (needed <= group.size.memoryMiB) return [];
  const parts = minimums.filter(({ memoryMiB }) => memoryMiB > 0).map(({ role, memoryMiB }) => `${role} ${memoryMiB}`);
  const index = spec.groups.findIndex((each) => each.name === group.name);
  const has = spec.groups[index]?.memoryMiB === null ? 'instanceType' : 'memCapacityMB';
  return [
    source.finding(['nodeGroups', index, has], {
      code: 'SPEC_UNSATISFIED',
      message: `nodes of group ${group.name} have ${group.size.memoryMiB} MiB of memory, and their roles need ${needed} (${parts.join(', ')})`,
      hint: 'Choose a larger "instanceType", raise "memCapacityMB", or put the roles on different groups.',
      subject: { group: group.name },
    }),
  ];
}
