import type { ParsedDocument } from '../spec/document/parse-document.js';
import type { TemplateParser } from './render/template.js';
import type { Json } from './types.js';

/** An item of a recipe, as its schema lets it be. */
export type WrittenItem = Readonly<Record<string, Json>>;

/** Where items come from. */
export interface ItemSource {
  readonly document: ParsedDocument;
  readonly templates: TemplateParser;
  /** Custom resources of the own cookbook, `cookbook::name`, for suggestions. */
  readonly customNames: readonly string[];
}
