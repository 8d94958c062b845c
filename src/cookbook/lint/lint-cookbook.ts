import { isBdeError } from '../../errors/bde-error.js';
import { checkCookbooks } from '../check-cookbooks.js';
import type { Cookbook } from '../cookbook.js';
import { parseCookbook } from '../parse-cookbook.js';
import type { CookbookSource } from '../types.js';
import { findingsOfError, sortFindings, type LintFinding } from './lint-finding.js';
import { lintPorts, type RolesTogether } from './port-rules.js';
import { lintResources } from './resource-rules.js';
import { lintRoles } from './role-rules.js';
import { lintVariables } from './variable-rules.js';
import { writtenTexts } from './written-texts.js';

/** What a cookbook is looked at together with. */
export interface LintSurroundings {
  /** Other cookbooks, as far as they hold; one of the same name is passed over. */
  readonly others: readonly Cookbook[];
  readonly together: readonly RolesTogether[];
}

/**
 * Everything that is wrong with a cookbook, or looks so, but for its shell: by file, line and column. Where it does not
 * parse, that alone.
 */
export function lintCookbook(source: CookbookSource, surroundings: LintSurroundings): readonly LintFinding[] {
  try {
    return sortFindings(lintParsed(source, parseCookbook(source), surroundings));
  } catch (error) {
    if (!isBdeError(error)) throw error;
    return sortFindings(findingsOfError(error, source.path));
  }
}

function lintParsed(
  source: CookbookSource,
  cookbook: Cookbook,
  { others, together }: LintSurroundings,
): readonly LintFinding[] {
  const cookbooks = [cookbook, ...others.filter(({ name }) => name !== cookbook.name)];
  return [
    ...betweenCookbooks(source, cookbooks),
    ...lintVariables(cookbook, writtenTexts(source)),
    ...lintResources(cookbook, cookbooks),
    ...lintRoles(source, cookbook, cookbooks),
    ...lintPorts(source, cookbook, { cookbooks, together }),
  ];
}

/** What is wrong between this cookbook and the others, told where this one says it. */
function betweenCookbooks({ path }: CookbookSource, cookbooks: readonly Cookbook[]): readonly LintFinding[] {
  return checkCookbooks(cookbooks, null)
    .filter(({ subject: { file = '' } }) => file.startsWith(`${path}/`))
    .flatMap((error) => findingsOfError(error, path));
}
