import { BdeError } from '../errors/bde-error.js';

/** A role and the roles that must be ready before it converges. */
export interface RoleLinks {
  readonly name: string;
  readonly requires: readonly string[];
}

/**
 * Role names so that each comes after all it requires; among equals in the order of names, so that the result is stable.
 * Requirements that are not among the roles are left out: whether they may be missing is resolution's business.
 *
 * @throws BdeError `SPEC_INVALID` with the cycle printed
 */
export function orderRoles(roles: readonly RoleLinks[]): readonly string[] {
  const waiting = new Map(roles.map((role) => [role.name, presentRequires(role, roles)]));
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const free = [...waiting].filter(([, requires]) => requires.every((name) => !waiting.has(name)));
    if (free.length === 0) throw cycleError(waiting);
    for (const name of free.map(([each]) => each).sort()) {
      ordered.push(name);
      waiting.delete(name);
    }
  }
  return ordered;
}

function presentRequires(role: RoleLinks, roles: readonly RoleLinks[]): readonly string[] {
  return role.requires.filter((name) => roles.some((other) => other.name === name));
}

function cycleError(waiting: ReadonlyMap<string, readonly string[]>): BdeError {
  const cycle = findCycle(waiting);
  return new BdeError('SPEC_INVALID', `The roles require each other in a circle: ${cycle.join(' → ')}.`, {
    hint: `Remove one of these from "requires" in the role files of ${[...new Set(cycle)].join(', ')}.`,
  });
}

/** Every role left waits for another one left, so following them must come back to a role already seen. */
function findCycle(waiting: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const path: string[] = [];
  let name = [...waiting.keys()].sort()[0] ?? '';
  while (!path.includes(name)) {
    path.push(name);
    name = (waiting.get(name) ?? []).filter((each) => waiting.has(each)).sort()[0] ?? '';
  }
  return [...path.slice(path.indexOf(name)), name];
}
