import { satisfies } from 'semver';
import { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { findCycle } from '../spec/find-cycle.js';
import { checkAttributes } from './check-attributes.js';
import type { Cookbook, CustomUse, RecipeInclude, RecipeItem } from './cookbook.js';
import { findCustomResource, findRecipe, missingPart } from './find-recipe.js';
import { itemError } from './item-error.js';
import { placedError } from './placed-error.js';
import { checkArgumentNames } from './resolve-arguments.js';

/**
 * Everything that is wrong between cookbooks: versions that do not fit each other or bde, attributes that roles set and
 * nobody declares, recipes and custom resources that are not there, are told wrongly, or lead back to themselves.
 */
export function checkCookbooks(cookbooks: readonly Cookbook[], bdeVersion: string | null): readonly BdeError[] {
  return [
    ...cookbooks.flatMap((cookbook) => [
      ...checkVersions(cookbook, cookbooks, bdeVersion),
      ...checkRoleAttributes(cookbook, cookbooks),
      ...usesOf(cookbook).flatMap((use) => checkUse(use, cookbook, cookbooks)),
    ]),
    ...checkCycles(cookbooks),
  ];
}

function checkVersions(
  { name, requirements }: Cookbook,
  cookbooks: readonly Cookbook[],
  bdeVersion: string | null,
): readonly BdeError[] {
  const { bde, depends, placeOf } = requirements;
  const own =
    bde === null || bdeVersion === null || fits(bdeVersion, bde)
      ? []
      : [placedError(placeOf(['bde']), `${name} needs bde ${bde}; this is ${bdeVersion}`)];
  const others = Object.entries(depends).flatMap(([other, range]) => {
    const found = cookbooks.find((cookbook) => cookbook.name === other);
    const names = cookbooks.map((cookbook) => cookbook.name);
    const place = placeOf(['depends', other]);
    if (found === undefined) {
      const message = `${name} needs the cookbook ${other}, which is not there${didYouMean(other, names)}`;
      return [placedError(place, message, 'A distro that names its cookbooks has to name those that they need.')];
    }
    if (fits(found.version, range)) return [];
    return [placedError(place, `${name} needs ${other} ${range}; the cookbook ${other} is ${found.version}`)];
  });
  return [...own, ...others];
}

function fits(version: string, range: string): boolean {
  return satisfies(version, range, { includePrerelease: true });
}

function checkRoleAttributes({ roles }: Cookbook, cookbooks: readonly Cookbook[]): readonly BdeError[] {
  return Object.values(roles).flatMap(({ attributes, attributeFinding }) =>
    checkAttributes(cookbooks, attributes).map(attributeFinding),
  );
}

type Use = RecipeInclude | CustomUse;

function usesOf({ recipes, resources }: Cookbook): readonly Use[] {
  const lists = [...Object.values(recipes), ...Object.values(resources)];
  return lists.flatMap((list) => list.resources.filter(isUse));
}

function isUse(item: RecipeItem): item is Use {
  return item.type !== 'resource';
}

function checkUse(use: Use, { name, requirements }: Cookbook, cookbooks: readonly Cookbook[]): readonly BdeError[] {
  const callee = calleeOf(use);
  const key = use.type === 'include' ? 'include' : null;
  const [other = ''] = callee.split('::');
  const found = use.type === 'include' ? findRecipe(callee, cookbooks) : findCustomResource(callee, cookbooks);
  if (found === undefined) {
    const what = use.type === 'include' ? 'recipes' : 'resources';
    return [itemError(use, { key, ...missingPart(what, callee, cookbooks) })];
  }
  if (other !== name && !Object.hasOwn(requirements.depends, other)) {
    const what = use.type === 'include' ? `names ${callee}` : `is of the cookbook ${other}`;
    const message = `${what}, and ${name} does not depend on ${other}`;
    const hint = `Write into metadata.yaml: depends: { ${other}: ">=${found.cookbook.version}" }.`;
    return [itemError(use, { key, message, hint })];
  }
  return checkArgumentNames(use, found.part);
}

function calleeOf(use: Use): string {
  return use.type === 'include' ? use.recipe : use.resource;
}

/** Whatever `when` says of the way: what may lead back to itself is never meant. */
function checkCycles(cookbooks: readonly Cookbook[]): readonly BdeError[] {
  const targets = new Map<string, readonly string[]>();
  for (const { name, recipes, resources } of cookbooks) {
    for (const [part, { resources: items }] of Object.entries(recipes))
      targets.set(`recipe ${name}::${part}`, items.filter(isUse).map(nodeOf));
    for (const [part, { resources: items }] of Object.entries(resources))
      targets.set(`resource ${name}::${part}`, items.filter(isUse).map(nodeOf));
  }
  const cycle = findCycle([...targets.keys()].sort(), (node) => targets.get(node) ?? []);
  if (cycle === undefined) return [];
  const message = `Recipes lead back to themselves: ${cycle.map((node) => node.split(' ')[1]).join(' -> ')}`;
  return [new BdeError('COOKBOOK_INVALID', message, { hint: 'Take one of the includes out.' })];
}

function nodeOf(use: Use): string {
  return `${use.type === 'include' ? 'recipe' : 'resource'} ${calleeOf(use)}`;
}
