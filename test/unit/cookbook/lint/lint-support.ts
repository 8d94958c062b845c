import type { Cookbook } from '../../../../src/cookbook/cookbook.js';
import { lintCookbook } from '../../../../src/cookbook/lint/lint-cookbook.js';
import type { RolesTogether } from '../../../../src/cookbook/lint/port-rules.js';
import { formatPlace } from '../../../../src/cookbook/render/source-place.js';
import { cookbookSource, type CookbookFiles } from '../cookbook-support.js';

/** What the linter says of the cookbook `demo` with these files, as `file:line:column rule: message`, the folder left out. */
export function findingsIn(
  files: CookbookFiles,
  surroundings: { readonly others?: readonly Cookbook[]; readonly together?: readonly RolesTogether[] } = {},
): readonly string[] {
  const { others = [], together = [] } = surroundings;
  return lintCookbook(cookbookSource('demo', files), { others, together }).map(
    ({ place, rule, message }) => `${formatPlace(place).replace('cookbooks/demo/', '')} ${rule}: ${message}`,
  );
}

/** A role that runs the recipe `main`. */
export const ROLE = { 'roles/demo.yaml': 'summary: Demo\nrunList: ["demo::main"]\n' };

/** The same, with these resources. */
export function withRecipe(...lines: readonly string[]): CookbookFiles {
  return { ...ROLE, 'recipes/main.yaml': `resources:\n${lines.map((line) => `  ${line}\n`).join('')}` };
}
