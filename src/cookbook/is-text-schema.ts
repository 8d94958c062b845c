import { isAttributeMap } from './merge-attributes.js';
import type { Json } from './types.js';

/** True where a fact of this schema is the text as its command prints it; of another type it is JSON. */
export function isTextSchema(schema: Json): boolean {
  return isAttributeMap(schema) && schema['type'] === 'string';
}
