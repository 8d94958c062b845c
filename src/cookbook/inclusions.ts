import { canonicalJson } from './canonical-json.js';
import type { Arguments } from './resolve-arguments.js';
import type { ItemParts } from './resolve-resource.js';
import type { Guards } from './run-resource.js';
import type { ItemScope } from './run-scope.js';

/** A recipe that is to become part of a run. */
export interface Inclusion {
  readonly recipe: string;
  readonly parameters: Arguments;
  /** Of the include itself. */
  readonly guards: Guards;
  /** Of the recipe's items. */
  readonly scope: ItemScope;
}

/**
 * Notes an inclusion; false where the same recipe, told and guarded the same, or without any guard, is part of the run
 * already: then its resources are there.
 */
export function noteInclusion(inclusion: Inclusion): boolean {
  const { guards, scope } = inclusion;
  const { kinds, registry } = scope.run;
  // Of a run that is resolved in part, arguments may be unknown; and a package may be named twice.
  if (kinds !== null) return true;
  const key = keyOf(inclusion);
  const plain = keyOf({ ...inclusion, guards: NO_GUARDS, scope: { ...scope, groups: [] } });
  if (registry.included.has(key) || registry.included.has(plain)) return false;
  registry.included.add(isGuarded({ guards }) || scope.groups.length > 0 ? key : plain);
  return true;
}

/** What an item without guards has. */
export const NO_GUARDS: Guards = { onlyIf: null, notIf: null, creates: null };

/** True where an item has a guard. */
export function isGuarded({ guards }: Pick<ItemParts, 'guards'>): boolean {
  return Object.values(guards).some((guard) => guard !== null);
}

function keyOf({ recipe, parameters, guards, scope }: Inclusion): string {
  const { prefixes, groups, asked } = scope;
  const told = asked.map(({ action, target, immediately }) => [action, target, immediately]);
  return canonicalJson([recipe, parameters, guards, prefixes[0] ?? '', groups.map(({ id }) => id), told]);
}
