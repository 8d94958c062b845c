import { BdeError, isBdeError } from '../errors/bde-error.js';
import { checkCookbooks } from '../cookbook/check-cookbooks.js';
import type { Cookbook } from '../cookbook/cookbook.js';
import { memoByIdentity } from '../cookbook/memo-by-identity.js';
import { parseCookbook } from '../cookbook/parse-cookbook.js';
import type { CookbookSource, Role } from '../cookbook/types.js';

/** Cookbooks, parsed, with every role at hand. */
export interface ParsedCookbooks {
  readonly cookbooks: readonly Cookbook[];
  /** By name; each belongs to exactly one cookbook. */
  readonly roles: ReadonlyMap<string, Role>;
}

/**
 * Parses cookbooks, gathers their roles, and holds them against each other; against a version of bde too where one is given.
 *
 * @throws BdeError `COOKBOOK_INVALID` with what is wrong in all of them, and for a role that two of them claim
 */
export function parseCookbooks(
  sources: readonly CookbookSource[],
  { bdeVersion = null }: { readonly bdeVersion?: string | null } = {},
): ParsedCookbooks {
  const failures: BdeError[] = [];
  const cookbooks = sources.flatMap((source) => {
    try {
      return [parseOnce(source)];
    } catch (error) {
      if (!isBdeError(error)) throw error;
      failures.push(error);
      return [];
    }
  });
  const roles = new Map<string, Role>();
  for (const { role } of cookbooks.flatMap((cookbook) => Object.values(cookbook.roles))) {
    const twin = roles.get(role.name);
    if (twin !== undefined) failures.push(claimedTwice(role, twin));
    roles.set(role.name, role);
  }
  // A part of a cookbook that cannot be read is missing to the others: they would be told of that again.
  if (failures.length === 0) failures.push(...checkCookbooks(cookbooks, bdeVersion));
  const [first] = failures;
  if (first === undefined) return { cookbooks, roles };
  if (failures.length === 1) throw first;
  throw new BdeError('COOKBOOK_INVALID', `${String(failures.length)} cookbooks have errors.`, {
    failures: failures.flatMap((failure) => (failure.failures.length > 0 ? failure.failures : [failure])),
  });
}

/** A change looks at one and the same cookbooks several times on its way. */
const parseOnce = memoByIdentity(parseCookbook);

function claimedTwice(role: Role, twin: Role): BdeError {
  return new BdeError(
    'COOKBOOK_INVALID',
    `The role ${role.name} is in the cookbooks ${twin.cookbook} and ${role.cookbook}; a role belongs to one.`,
    { subject: { role: role.name }, hint: 'Rename one of them.' },
  );
}
