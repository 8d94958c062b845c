import { collectErrors } from './collect-errors.js';
import type { Cookbook, CustomResource, CustomUse, RecipeInclude, RecipeItem } from './cookbook.js';
import { findCustomResource, findRecipe, missingPart } from './find-recipe.js';
import { holdsKind } from './holds-kind.js';
import { isGuarded, noteInclusion } from './inclusions.js';
import { itemError } from './item-error.js';
import { isAttributeMap } from './merge-attributes.js';
import type { Template } from './render/template.js';
import { resolveArguments } from './resolve-arguments.js';
import { askedNotification, resolveCommonKeys, type Turn } from './resolve-common-keys.js';
import { resolveResource, type ItemParts } from './resolve-resource.js';
import type { AskedNotification, DraftResource, GuardGroup } from './run-resource.js';
import { MAX_DEPTH, type ItemScope } from './run-scope.js';
import { runsHere } from './runs-here.js';
import type { Json } from './types.js';

/** The resources that the items of a recipe come to, in order. What is wrong goes to the errors of the run. */
export function expandItems(items: readonly RecipeItem[], scope: ItemScope): readonly DraftResource[] {
  const { errors, kinds, cookbooks } = scope.run;
  return items
    .filter((item) => kinds === null || holdsKind(item, kinds, cookbooks))
    .flatMap((item) => collectErrors(errors, () => expandAlike(item, scope)) ?? []);
}

/**
 * What an item came to on a like node, where nothing but that decides it: a resource that stands in the run list's own recipe
 * is told nothing, and changes nothing that later items look at.
 */
function expandAlike(item: RecipeItem, scope: ItemScope): readonly DraftResource[] {
  const { errors, recall } = scope.run;
  if (item.type !== 'resource' || item.once || scope.trail.length > 1) return expandItem(item, scope);
  const before = errors.length;
  return recall(
    item,
    () => expandItem(item, scope),
    () => errors.length === before,
  );
}

function expandItem(item: RecipeItem, scope: ItemScope): readonly DraftResource[] {
  const turns = item.forEach === null ? [{}] : turnsOf(item, item.forEach(scope.context));
  return turns.flatMap((turn) => collectErrors(scope.run.errors, () => expandTurn(item, turn, scope)) ?? []);
}

/** What `item`, `key` and `index` are, turn by turn; a map is gone through in the order of its keys. */
function turnsOf(item: RecipeItem, values: unknown): readonly Turn[] {
  if (Array.isArray(values)) return (values as readonly Json[]).map((value, index) => ({ item: value, index }));
  if (isAttributeMap(values as Json)) {
    const entries = Object.entries(values as Readonly<Record<string, Json>>);
    return entries
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value], index) => ({ item: value, key, index }));
  }
  throw itemError(item, { key: 'for_each', message: `is ${JSON.stringify(values)}; allowed is a list or a map` });
}

function expandTurn(item: RecipeItem, turn: Turn, scope: ItemScope): readonly DraftResource[] {
  const parts = resolveCommonKeys(item, turn, scope);
  if (parts === null) return [];
  if (item.once && !runsHere(scope.run)) {
    if (item.type !== 'include') scope.run.registry.elsewhere.add(idOf(item, parts.context, scope));
    return [];
  }
  switch (item.type) {
    case 'resource': {
      const resource = resolveResource(item, parts, scope);
      return resource === null ? [] : [resource];
    }
    case 'include':
      return expandInclude(item, parts, scope);
    case 'custom':
      return expandCustom(item, parts, scope);
  }
}

function idOf(item: Exclude<RecipeItem, RecipeInclude>, context: object, { prefixes }: ItemScope): string {
  const kind = item.type === 'custom' ? item.resource : item.kind;
  return `${prefixes[0] ?? ''}${kind}[${item.name.render(context)}]`;
}

function expandInclude(item: RecipeInclude, parts: ItemParts, scope: ItemScope): readonly DraftResource[] {
  const { run } = scope;
  const found = findRecipe(item.recipe, run.cookbooks);
  if (found === undefined)
    throw itemError(item, { key: 'include', ...missingPart('recipes', item.recipe, run.cookbooks) });
  const inside = insideScope(item.recipe, item, { parts, scope, cookbook: found.cookbook });
  const lazy = run.kinds !== null;
  const parameters = resolveArguments(item, found.part, { context: parts.context, lazy });
  // Its resources are there already: as in a run list, a recipe is part of a run once.
  if (!noteInclusion({ recipe: item.recipe, parameters, guards: parts.guards, scope: inside })) return [];
  return expandItems(found.part.resources, {
    ...inside,
    context: { ...run.contextOf(found.cookbook.name), parameters },
    groups: [...scope.groups, ...groupOf(`${scope.prefixes[0] ?? ''}include[${item.recipe}]`, parts, scope)],
  });
}

function expandCustom(item: CustomUse, parts: ItemParts, scope: ItemScope): readonly DraftResource[] {
  const { run } = scope;
  const found = findCustomResource(item.resource, run.cookbooks);
  if (found === undefined)
    throw itemError(item, { key: null, ...missingPart('resources', item.resource, run.cookbooks) });
  const id = idOf(item, parts.context, scope);
  if (run.registry.customs.has(id)) throw itemError(item, { key: null, message: `${id} is there twice` });
  const inside = insideScope(item.resource, item, { parts, scope, cookbook: found.cookbook });
  const parameters = resolveArguments(item, found.part, { context: parts.context, lazy: run.kinds !== null });
  const name = item.name.render(parts.context);
  const within = {
    ...inside,
    context: { ...run.contextOf(found.cookbook.name), parameters, name },
    prefixes: [`${id}/`, ...scope.prefixes],
    groups: [...scope.groups, ...groupOf(id, parts, scope)],
  };
  run.registry.customs.set(id, run.kinds === null ? actionsOf(found.part, within) : {});
  return expandItems(found.part.resources, within);
}

function actionsOf(
  { actions }: CustomResource,
  scope: ItemScope,
): Readonly<Record<string, readonly AskedNotification[]>> {
  const entries = Object.entries(actions).map(([action, templates]) => {
    return [action, templates.map((template) => actionRequest(template, scope))] as const;
  });
  return Object.fromEntries(entries);
}

function actionRequest(template: Template, { context, prefixes }: ItemScope): AskedNotification {
  return askedNotification(template, context, { prefixes, place: template.place });
}

interface Entrance {
  readonly parts: ItemParts;
  readonly scope: ItemScope;
  readonly cookbook: Cookbook;
}

/** @throws BdeError `COOKBOOK_INVALID` for a circle, and for what stands too deep */
function insideScope(name: string, item: RecipeItem, { parts, scope, cookbook }: Entrance): ItemScope {
  const trail = [...scope.trail, name];
  const start = scope.trail.indexOf(name);
  const key = item.type === 'include' ? 'include' : null;
  if (start >= 0) throw itemError(item, { key, message: `leads back to itself: ${trail.slice(start).join(' -> ')}` });
  if (trail.length > MAX_DEPTH) {
    const message = `is ${trail.length} deep; allowed are ${MAX_DEPTH}: ${trail.join(' -> ')}`;
    throw itemError(item, { key, message });
  }
  return { ...scope, cookbook, trail, asked: parts.asked, limits: parts.limits };
}

/** The group of an item with guards; none where it has none. */
function groupOf(id: string, parts: ItemParts, { run }: ItemScope): readonly GuardGroup[] {
  if (!isGuarded(parts)) return [];
  const count = (run.registry.groupCounts.get(id) ?? 0) + 1;
  run.registry.groupCounts.set(id, count);
  const { guards, limits } = parts;
  return [{ id: count === 1 ? id : `${id}#${count}`, guards, guardSeconds: limits.timeoutSeconds }];
}
