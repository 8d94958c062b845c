import type { Cookbook } from '../cookbook.js';
import type { CookbookSource, Role } from '../types.js';
import type { LintFinding } from './lint-finding.js';
import { rolePlace } from './role-rules.js';

/** Roles that one node may have, and what says so. */
export interface RolesTogether {
  readonly roles: readonly string[];
  /** `the group master of the spec vendor/flavour` */
  readonly where: string;
  /** An error where they are on one node for sure. */
  readonly severity: LintFinding['severity'];
}

/** Ports of a cookbook's roles that two roles of one node would listen on, or one role twice. */
export function lintPorts(
  source: CookbookSource,
  cookbook: Cookbook,
  given: { readonly cookbooks: readonly Cookbook[]; readonly together: readonly RolesTogether[] },
): readonly LintFinding[] {
  const known = new Map(
    given.cookbooks.flatMap(({ roles }) => Object.values(roles).map(({ role }) => [role.name, role] as const)),
  );
  const own = Object.values(cookbook.roles).map(({ role }) => role);
  return own.flatMap((role) => [
    ...portsTwice(source, role),
    ...otherRoles(role, given.together, known).flatMap(({ other, together }) =>
      sharedPorts(source, role, other).map((clash) => ({
        ...clash,
        severity: together.severity,
        message: `${clash.message}, and ${together.where} has both roles`,
      })),
    ),
  ]);
}

function portsTwice(source: CookbookSource, role: Role): readonly LintFinding[] {
  return role.ports.flatMap((port, index) => {
    const first = role.ports.findIndex((each) => samePort(each, port));
    return first === index ? [] : [clashAt(source, role, index, `${portText(port)} is there twice`)];
  });
}

/** The other roles of each node that may have this one; the strictest reason counts. */
function otherRoles(role: Role, together: readonly RolesTogether[], known: ReadonlyMap<string, Role>) {
  const found = new Map<string, { readonly other: Role; readonly together: RolesTogether }>();
  const strictestLast = together.toSorted(
    (one, other) => Number(one.severity === 'error') - Number(other.severity === 'error'),
  );
  for (const each of strictestLast.filter(({ roles }) => roles.includes(role.name))) {
    for (const name of each.roles) {
      const other = known.get(name);
      // Of a pair within one cookbook, one finding is enough.
      const isSecond = other?.cookbook === role.cookbook && name > role.name;
      if (other !== undefined && name !== role.name && !isSecond) found.set(name, { other, together: each });
    }
  }
  return [...found.values()];
}

function sharedPorts(source: CookbookSource, role: Role, other: Role): readonly LintFinding[] {
  return role.ports.flatMap((port, index) => {
    const twin = other.ports.find((each) => samePort(each, port));
    if (twin === undefined) return [];
    return [clashAt(source, role, index, `${portText(port)} is that of ${other.name} (${twin.name}) too`)];
  });
}

type Port = Role['ports'][number];

function samePort(one: Port, other: Port): boolean {
  return one.port === other.port && one.protocol === other.protocol;
}

function portText({ port, protocol }: Port): string {
  return `the ${protocol} port ${port}`;
}

function clashAt(source: CookbookSource, role: Role, index: number, message: string): LintFinding {
  return {
    rule: 'port-clash',
    severity: 'error',
    place: rolePlace(source, role.name, ['ports', index, 'port']),
    message,
    hint: 'Give one of them another port.',
  };
}
