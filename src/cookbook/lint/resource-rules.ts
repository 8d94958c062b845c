import { didYouMean } from '../../spec/document/nearest-name.js';
import type { Cookbook, CustomUse, RecipeItem, RecipeResource } from '../cookbook.js';
import type { Template } from '../render/template.js';
import type { LintFinding } from './lint-finding.js';

/** Resources that change something on every run or on none, and notifications that nobody hears. */
export function lintResources(cookbook: Cookbook, cookbooks: readonly Cookbook[]): readonly LintFinding[] {
  const lists = runLists(cookbook, cookbooks);
  const acts = new Set(lists.ofActs.flat());
  const own = Object.values(cookbook.recipes).flatMap(({ resources }) => resources);
  const custom = Object.values(cookbook.resources).flatMap(({ resources }) => resources);
  const builtIn = own.filter((item) => item.type === 'resource');
  return [
    ...[...own, ...custom]
      .filter((item) => item.type === 'resource')
      .filter((item) => !acts.has(item))
      .flatMap(neverIdempotent),
    ...builtIn.flatMap((resource) => neverRun(resource, listsWith(resource, lists))),
    ...own.flatMap((resource) =>
      resource.notify.flatMap((notification) => notifiesNobody(notification, listsWith(resource, lists))),
    ),
  ];
}

type ResourceList = readonly RecipeItem[];

interface RunLists {
  /** Those of converging and of what else a role runs. */
  readonly ofRoles: readonly ResourceList[];
  /** Those of roles that are run to be done once more, such as to take a backup: nothing of them has to be so already. */
  readonly ofActs: readonly ResourceList[];
  readonly ofRecipes: readonly ResourceList[];
}

/** What the roles of all cookbooks run, and the cookbook's recipes by themselves. */
function runLists(cookbook: Cookbook, cookbooks: readonly Cookbook[]): RunLists {
  const all = [cookbook, ...cookbooks.filter(({ name }) => name !== cookbook.name)];
  const roles = all.flatMap(({ roles: byName }) => Object.values(byName)).map(({ role }) => role);
  const listOf = (runList: readonly string[]): ResourceList => runList.flatMap((entry) => recipeOf(entry, all, []));
  const ofActs = roles.flatMap(({ data }) => (data === null ? [] : [listOf(data.backup), listOf(data.restore)]));
  return {
    ofRoles: [...roles.map(({ runList }) => listOf(runList)), ...ofActs],
    ofActs,
    ofRecipes: Object.values(cookbook.recipes).map(({ resources }) => withIncluded(resources, all, [])),
  };
}

/** A recipe that leads back to itself, which is refused elsewhere, ends where it does. */
function recipeOf(entry: string, cookbooks: readonly Cookbook[], trail: readonly string[]): ResourceList {
  const [cookbook = '', recipe = ''] = entry.split('::');
  const items = cookbooks.find(({ name }) => name === cookbook)?.recipes[recipe]?.resources ?? [];
  return trail.includes(entry) ? [] : withIncluded(items, cookbooks, [...trail, entry]);
}

/** Items, and behind each include what it includes. */
function withIncluded(items: ResourceList, cookbooks: readonly Cookbook[], trail: readonly string[]): ResourceList {
  return items.flatMap((item) =>
    item.type === 'include' ? [item, ...recipeOf(item.recipe, cookbooks, trail)] : [item],
  );
}

/** The run lists that hold it; only where there is none, its recipe alone. */
function listsWith(resource: RecipeItem, { ofRoles, ofRecipes }: RunLists): readonly ResourceList[] {
  const holding = ofRoles.filter((list) => list.includes(resource));
  return holding.length > 0 ? holding : ofRecipes.filter((list) => list.includes(resource));
}

function neverIdempotent(resource: RecipeResource): readonly LintFinding[] {
  const { kind, name, place, onlyIf, notIf, creates } = resource;
  const isGuarded = [onlyIf, notIf, creates].some((guard) => guard !== null);
  if (kind !== 'execute' || isGuarded || isNotifiedOnly(resource)) return [];
  return [
    {
      rule: 'never-idempotent',
      severity: 'warning',
      place,
      message: `execute[${name.text}] has no guard, so it runs each time and counts as a change`,
      hint: 'Give it creates, only_if or not_if, or notified_only: true and a resource that notifies it.',
    },
  ];
}

function isNotifiedOnly({ parameters }: RecipeResource): boolean {
  return parameters['notified_only']?.({}) === true;
}

function neverRun(resource: RecipeResource, lists: readonly ResourceList[]): readonly LintFinding[] {
  if (!isNotifiedOnly(resource)) return [];
  const target = idOf(resource);
  const heard = lists.flat().flatMap(({ notify }) => notify.map(targetOf));
  if (heard.includes(target) || heard.some((each) => each.includes('{{'))) return [];
  return [
    {
      rule: 'never-run',
      severity: 'warning',
      place: resource.place,
      message: `${target} runs only when notified, and nothing notifies it`,
      hint: `Give the resource that it belongs to: notify: run ${target}.`,
    },
  ];
}

/** What is written with a template has a name that is known on a node only, so it is left to compiling. */
function notifiesNobody(notification: Template, lists: readonly ResourceList[]): readonly LintFinding[] {
  const target = targetOf(notification);
  const kind = target.slice(0, target.indexOf('['));
  const deaf = lists.find((list) => {
    const ids = list
      .filter(isNamed)
      .filter((item) => kindOf(item) === kind)
      .map(idOf);
    return !ids.includes(target) && ![target, ...ids].some((id) => id.includes('{{'));
  });
  if (deaf === undefined) return [];
  return [
    {
      rule: 'notify-nobody',
      severity: 'error',
      place: notification.place,
      message: `"${notification.text}" notifies ${target}, which is in no run list with it${didYouMean(target, deaf.filter(isNamed).map(idOf))}`,
      hint: 'Name a resource of the same run list.',
    },
  ];
}

function targetOf({ text }: Template): string {
  return text.replace(/^[a-z]+ /, '').replace(/ immediately$/, '');
}

type NamedItem = RecipeResource | CustomUse;

function isNamed(item: RecipeItem): item is NamedItem {
  return item.type !== 'include';
}

function kindOf(item: NamedItem): string {
  return item.type === 'custom' ? item.resource : item.kind;
}

function idOf(item: NamedItem): string {
  return `${kindOf(item)}[${item.name.text}]`;
}
