import { cookbookLayer, findRole, roleLayers } from '../attribute-layers.js';
import type { Cookbook } from '../cookbook.js';
import { mergeAttributes } from '../merge-attributes.js';
import { knownPorts, type Port } from '../render-ports.js';
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
  const usesOf = (names: readonly string[]) => portUses(given.cookbooks, names);
  return own.flatMap((role) => [
    ...portsTwice(source, usesOf([role.name])),
    ...otherRoles(role, given.together, known).flatMap(({ other, together }) =>
      sharedPorts(source, role, { other, uses: usesOf(together.roles) }).map((clash) => ({
        ...clash,
        severity: together.severity,
        message: `${clash.message}, and ${together.where} has both roles`,
      })),
    ),
  ]);
}

/** A port of a role, and where it stands in the role's list. */
interface PortUse {
  readonly role: Role;
  readonly index: number;
  readonly port: Port;
}

/** The ports of roles that one node has, as defaults and the roles themselves set what these are made of. */
function portUses(cookbooks: readonly Cookbook[], names: readonly string[]): readonly PortUse[] {
  const { attributes } = mergeAttributes([cookbookLayer(cookbooks), ...roleLayers(cookbooks, names)]);
  return names.flatMap((name) => {
    const definition = findRole(cookbooks, name);
    if (definition === undefined) return [];
    return knownPorts(definition, attributes).map((port, index) => ({ role: definition.role, index, port }));
  });
}

function portsTwice(source: CookbookSource, uses: readonly PortUse[]): readonly LintFinding[] {
  return uses.flatMap(({ role, index, port }) => {
    const first = uses.findIndex((each) => samePort(each.port, port));
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

function sharedPorts(
  source: CookbookSource,
  role: Role,
  { other, uses }: { readonly other: Role; readonly uses: readonly PortUse[] },
): readonly LintFinding[] {
  return uses
    .filter((use) => use.role.name === role.name)
    .flatMap(({ port, index }) => {
      const twin = uses.find((each) => each.role.name === other.name && samePort(each.port, port));
      if (twin === undefined) return [];
      return [clashAt(source, role, index, `${portText(port)} is that of ${other.name} (${twin.port.name}) too`)];
    });
}

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
