import type { BdeError } from '../errors/bde-error.js';
import type { RecipeItem } from './cookbook.js';
import { placedError } from './placed-error.js';

/** What an item is called in messages. */
export function itemName(item: RecipeItem): string {
  if (item.type === 'include') return 'include';
  return item.type === 'custom' ? item.resource : item.kind;
}

/** What is wrong with an item, or with one of its keys, at its place. */
export function itemError(
  item: RecipeItem,
  { key, message, hint }: { readonly key: string | null; readonly message: string; readonly hint?: string | undefined },
): BdeError {
  const place = key === null ? item.place : item.placeOf(key);
  return placedError(place, `${key ?? `the ${itemName(item)}`} ${message}`, hint);
}
