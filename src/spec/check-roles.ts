import type { BdeError } from '../errors/bde-error.js';
import type { SpecWarning } from './cluster-spec.js';
import { didYouMean } from './document/nearest-name.js';
import type { DocumentPath } from './document/source-tree.js';
import { findCycle } from './find-cycle.js';
import type { ResolveInput, RoleRules } from './resolve-input.js';

/** What is wrong with the roles of a cluster, and what is worth telling. */
export function checkRoles(input: ResolveInput): {
  readonly findings: readonly BdeError[];
  readonly warnings: readonly SpecWarning[];
} {
  const borne = rolesBorne(input);
  return {
    findings: [
      ...borne.flatMap((use) => checkExists(input, use)),
      ...borne.flatMap((use) => [...checkCount(input, use), ...checkRequired(input, use, borne)]),
      ...checkCycle(input, borne),
    ],
    warnings: borne.flatMap(warnOfEvenQuorum),
  };
}

/** A role that the spec names, with all nodes that bear it. */
interface RoleUse {
  readonly role: string;
  readonly count: number;
  readonly rules: RoleRules | undefined;
  /** Its places in the spec, groups without nodes included. */
  readonly paths: readonly DocumentPath[];
}

/** Every role of the spec once, in the order of the spec. */
function rolesBorne({ spec, roles }: ResolveInput): readonly RoleUse[] {
  const uses = spec.groups.flatMap((group, index) =>
    group.roles.map((role, position) => ({ role, count: group.count, path: ['nodeGroups', index, 'roles', position] })),
  );
  return [...new Set(uses.map(({ role }) => role))].map((role) => {
    const own = uses.filter((use) => use.role === role);
    const count = own.reduce((sum, use) => sum + use.count, 0);
    return { role, count, rules: roles.get(role), paths: own.map(({ path }) => path) };
  });
}

function checkExists(input: ResolveInput, { role, rules, paths }: RoleUse): readonly BdeError[] {
  if (rules !== undefined) return [];
  return paths.map((path) => retiredRole(input, role, path) ?? unknownRole(input, role, path));
}

function retiredRole({ retired, roles, source }: ResolveInput, role: string, path: DocumentPath): BdeError | undefined {
  const notice = retired(role);
  if (notice === undefined) return undefined;
  const { product, reason, use } = notice;
  return source.finding(path, {
    code: 'SPEC_ROLE_RETIRED',
    message: `role "${role}" belongs to ${product}, which is not shipped: ${reason}`,
    hint: replacementHint(use, roles),
    subject: { role },
  });
}

function replacementHint(use: string | undefined, roles: ResolveInput['roles']): string {
  if (use === undefined) return 'Remove the role; nothing here takes its place.';
  if (roles.has(use)) return `Use the role "${use}".`;
  return `Its counterpart is the role "${use}"; add a cookbook that has it.`;
}

function unknownRole({ roles, source }: ResolveInput, role: string, path: DocumentPath): BdeError {
  const names = [...roles.keys()].sort();
  return source.finding(path, {
    code: 'SPEC_UNKNOWN_ROLE',
    message: `no cookbook has a role "${role}"${didYouMean(role, names)}`,
    hint: `Use one of: ${names.join(', ')}; or name the folder of the cookbook that has it with --cookbooks.`,
    subject: { role },
  });
}

function checkCount({ source }: ResolveInput, { role, count, rules, paths }: RoleUse): readonly BdeError[] {
  const path = paths[0] ?? [];
  const { min, max } = rules?.cardinality ?? { min: 0, max: null };
  // A cluster whose every group of this role is empty does not have the role.
  if (count === 0 || (count >= min && count <= (max ?? count))) return [];
  return [
    source.finding(path, {
      code: 'SPEC_UNSATISFIED',
      message: `role ${role} is on ${nodes(count)}; allowed ${rangeText(min, max)}`,
      hint: 'Change "instanceNum" of the groups that have the role.',
      subject: { role },
    }),
  ];
}

function rangeText(min: number, max: number | null): string {
  if (max === null) return `are ${min} or more`;
  if (min === max) return `${min === 1 ? 'is' : 'are'} exactly ${min}`;
  return `are ${min} to ${max}`;
}

function checkRequired(input: ResolveInput, use: RoleUse, borne: readonly RoleUse[]): readonly BdeError[] {
  if (use.count === 0) return [];
  const isThere = (role: string) => borne.some((other) => other.role === role && other.count > 0);
  return (use.rules?.requires ?? [])
    .filter((required) => !isThere(required))
    .map((required) =>
      input.source.finding(use.paths[0] ?? [], {
        code: 'SPEC_UNSATISFIED',
        message: `role ${use.role} requires the role ${required}, and no node of the cluster has it`,
        hint: `Add "${required}" to the roles of a group that has nodes.`,
        subject: { role: use.role },
      }),
    );
}

function checkCycle({ roles, source }: ResolveInput, borne: readonly RoleUse[]): readonly BdeError[] {
  const cycle = findCycle(
    borne.map(({ role }) => role),
    (role) => roles.get(role)?.requires ?? [],
  );
  if (cycle === undefined) return [];
  const start = borne.find(({ role }) => cycle.includes(role));
  return [
    source.finding(start?.paths[0] ?? [], {
      code: 'SPEC_UNSATISFIED',
      message: `roles require each other in a circle: ${cycle.join(' → ')}`,
      hint: 'Break the circle in the "requires" of one of these roles.',
    }),
  ];
}

/** Parity is no error: two are as good as one, which some people want. */
function warnOfEvenQuorum({ role, count, rules }: RoleUse): readonly SpecWarning[] {
  if (rules?.cardinality.quorum !== true || count === 0 || count % 2 === 1) return [];
  const tolerated = (members: number) => Math.ceil(members / 2) - 1;
  const message =
    `role ${role} decides by majority: ${count} nodes tolerate ${failures(tolerated(count))}, ` +
    `as ${count - 1} would; ${count + 1} tolerate ${failures(tolerated(count + 1))}`;
  return [{ code: 'EVEN_QUORUM', message }];
}

function failures(count: number): string {
  return count === 1 ? '1 failure' : `${count} failures`;
}

function nodes(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}
