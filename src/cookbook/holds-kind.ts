import type { Cookbook, RecipeItem } from './cookbook.js';
import { findCustomResource, findRecipe } from './find-recipe.js';

/** The items that an include or a custom resource stands for; none of a resource, and none where it is not there. */
export function itemsBehind(item: RecipeItem, cookbooks: readonly Cookbook[]): readonly RecipeItem[] {
  if (item.type === 'include') return findRecipe(item.recipe, cookbooks)?.part.resources ?? [];
  return item.type === 'custom' ? (findCustomResource(item.resource, cookbooks)?.part.resources ?? []) : [];
}

/** True where an item is of one of these kinds, or stands for one that is. */
export function holdsKind(item: RecipeItem, kinds: ReadonlySet<string>, cookbooks: readonly Cookbook[]): boolean {
  const seen = new Set<RecipeItem>();
  const visit = (each: RecipeItem): boolean => {
    if (seen.has(each)) return false;
    seen.add(each);
    return each.type === 'resource' ? kinds.has(each.kind) : itemsBehind(each, cookbooks).some(visit);
  };
  return visit(item);
}
