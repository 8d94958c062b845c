import type { BdeError } from '../errors/bde-error.js';
import { validateRecipe } from '../generated/validators.js';
import { documentValue } from '../spec/document/check-document.js';
import { throwFindings } from '../spec/document/finding.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import { checkDefaults } from './check-defaults.js';
import { collectErrors } from './collect-errors.js';
import type { Parameter, Recipe } from './cookbook.js';
import type { ItemSource, WrittenItem } from './item-source.js';
import { parseItem } from './parse-item.js';

/** What a file with a list of resources has. */
export interface WrittenRecipe {
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly resources: readonly WrittenItem[];
}

/**
 * A recipe from its file.
 *
 * @throws BdeError `COOKBOOK_INVALID` with all findings, or the one finding
 */
export function parseRecipe(document: ParsedDocument, source: Omit<ItemSource, 'document'>): Recipe {
  const written = documentValue<WrittenRecipe>(document, validateRecipe, 'COOKBOOK_INVALID');
  const errors: BdeError[] = [];
  const recipe = recipeOf(written, { document, ...source }, errors);
  throwFindings(errors, 'COOKBOOK_INVALID', document.file);
  return recipe;
}

/** Parameters and items, as far as they can be read; what is wrong goes to the errors. */
export function recipeOf(
  { parameters = {}, resources }: WrittenRecipe,
  source: ItemSource,
  errors: BdeError[],
): Recipe {
  errors.push(...checkDefaults(source.document, parameters, ['parameters'], 'parameter'));
  const items = resources.map((item, index) =>
    collectErrors(errors, () => parseItem(item, ['resources', index], source)),
  );
  return { parameters, resources: items.filter((item) => item !== undefined) };
}
