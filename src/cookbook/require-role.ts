import { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { findRole, rolesByName } from './attribute-layers.js';
import type { Cookbook, RoleDefinition } from './cookbook.js';

/** The role of this name. @throws BdeError `COOKBOOK_INVALID` */
export function requireRole(name: string, cookbooks: readonly Cookbook[]): RoleDefinition {
  const role = findRole(cookbooks, name);
  if (role !== undefined) return role;
  const known = [...rolesByName(cookbooks).keys()].sort();
  throw new BdeError('COOKBOOK_INVALID', `No cookbook has the role ${JSON.stringify(name)}${didYouMean(name, known)}`, {
    subject: { role: name },
    hint: `Roles are: ${known.join(', ')}.`,
  });
}
