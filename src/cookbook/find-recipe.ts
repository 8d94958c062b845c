import { didYouMean } from '../spec/document/nearest-name.js';
import type { Cookbook, CustomResource, Recipe } from './cookbook.js';

/** A part of a cookbook, with the cookbook. */
export interface Found<Part> {
  readonly cookbook: Cookbook;
  readonly part: Part;
}

/** The recipe `cookbook::recipe`. */
export function findRecipe(name: string, cookbooks: readonly Cookbook[]): Found<Recipe> | undefined {
  return findPart(name, cookbooks, ({ recipes }) => recipes);
}

/** The custom resource `cookbook::name`. */
export function findCustomResource(name: string, cookbooks: readonly Cookbook[]): Found<CustomResource> | undefined {
  return findPart(name, cookbooks, ({ resources }) => resources);
}

function findPart<Part>(
  name: string,
  cookbooks: readonly Cookbook[],
  partsOf: (cookbook: Cookbook) => Readonly<Record<string, Part>>,
): Found<Part> | undefined {
  const [cookbookName = '', partName = ''] = name.split('::');
  const cookbook = cookbooks.find((each) => each.name === cookbookName);
  if (cookbook === undefined) return undefined;
  const parts = partsOf(cookbook);
  const part = Object.hasOwn(parts, partName) ? parts[partName] : undefined;
  return part === undefined ? undefined : { cookbook, part };
}

/** `names x::y, which is not there; did you mean …?`, and a hint that lists what is. */
export function missingPart(
  what: 'recipes' | 'resources',
  name: string,
  cookbooks: readonly Cookbook[],
): { readonly message: string; readonly hint: string } {
  const known = cookbooks.flatMap((each) => Object.keys(each[what]).map((part) => `${each.name}::${part}`)).sort();
  const label = what === 'recipes' ? 'Recipes' : 'Custom resources';
  const hint = known.length === 0 ? `There are no ${label.toLowerCase()}.` : `${label} are: ${known.join(', ')}.`;
  return { message: `names ${name}, which is not there${didYouMean(name, known)}`, hint };
}
