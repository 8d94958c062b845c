import { BdeError } from '../errors/bde-error.js';
import type { WantedPackage } from './resources/wanted-package.js';

/** What one role asks for. */
export interface RolePackages {
  readonly role: string;
  readonly packages: readonly WantedPackage[];
}

/**
 * What the roles of a node ask for together, by name; a package that one role holds is held.
 *
 * @throws BdeError `COOKBOOK_INVALID` where two roles want one package in two ways
 */
export function mergeWantedPackages(asked: readonly RolePackages[]): readonly WantedPackage[] {
  const merged = new Map<string, { readonly role: string; readonly wanted: WantedPackage }>();
  for (const { role, packages } of asked) {
    for (const wanted of packages) {
      const earlier = merged.get(wanted.name);
      merged.set(wanted.name, earlier === undefined ? { role, wanted } : mergeTwo(earlier, { role, wanted }));
    }
  }
  return [...merged.values()].map(({ wanted }) => wanted).sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Wish {
  readonly role: string;
  readonly wanted: WantedPackage;
}

function mergeTwo(one: Wish, other: Wish): Wish {
  const [a, b] = [one.wanted, other.wanted];
  const disagree = a.how !== b.how || (a.version !== null && b.version !== null && a.version !== b.version);
  if (disagree) throw contradiction(one, other);
  return { role: one.role, wanted: { ...a, version: a.version ?? b.version, hold: a.hold || b.hold } };
}

function contradiction(one: Wish, other: Wish): BdeError {
  const [name, first, second] = [one.wanted.name, describeWish(one.wanted), describeWish(other.wanted)];
  return new BdeError(
    'COOKBOOK_INVALID',
    `The package ${name} is to be ${first} for ${one.role}, and ${second} for ${other.role}, which is on the same node`,
    { subject: { role: other.role }, hint: 'Change one of the two recipes, or put the roles on different nodes.' },
  );
}

function describeWish({ how, version }: WantedPackage): string {
  if (how === 'absent') return 'absent';
  return `${version === null ? 'installed' : version} from ${how === 'node' ? "the node's own sources" : 'the mirror'}`;
}
