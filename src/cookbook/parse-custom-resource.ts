import type { BdeError } from '../errors/bde-error.js';
import { validateCustomResource } from '../generated/validators.js';
import { documentValue } from '../spec/document/check-document.js';
import { throwFindings } from '../spec/document/finding.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import { collectErrors } from './collect-errors.js';
import type { CustomResource } from './cookbook.js';
import { textPlace } from './document-place.js';
import type { ItemSource } from './item-source.js';
import { recipeOf, type WrittenRecipe } from './parse-recipe.js';

interface WrittenCustomResource extends WrittenRecipe {
  readonly summary: string;
  readonly actions?: Readonly<Record<string, readonly string[]>>;
}

/**
 * A custom resource from `resources/<name>.yaml`.
 *
 * @throws BdeError `COOKBOOK_INVALID` with all findings, or the one finding
 */
export function parseCustomResource(document: ParsedDocument, source: Omit<ItemSource, 'document'>): CustomResource {
  const written = documentValue<WrittenCustomResource>(document, validateCustomResource, 'COOKBOOK_INVALID');
  const errors: BdeError[] = [];
  const recipe = recipeOf(written, { document, ...source }, errors);
  const actions = Object.entries(written.actions ?? {}).map(([action, asked]) => {
    const templates = asked.map((text, index) =>
      collectErrors(errors, () => source.templates.parse(text, textPlace(document, ['actions', action, index]))),
    );
    return [action, templates.filter((template) => template !== undefined)] as const;
  });
  throwFindings(errors, 'COOKBOOK_INVALID', document.file);
  return { ...recipe, summary: written.summary, actions: Object.fromEntries(actions) };
}
