import { BdeError } from '../errors/bde-error.js';
import { throwFindings } from '../spec/document/finding.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { findRole, rolesByName } from './attribute-layers.js';
import { checkFacts } from './check-facts.js';
import { checkResourceList } from './check-resource-list.js';
import { collectErrors } from './collect-errors.js';
import { placedError } from './placed-error.js';
import type { Cookbook, RecipeResource, RoleDefinition } from './cookbook.js';
import { refusePlantedTokens, renderContext } from './render-context.js';
import type { ResourceCall } from './resources/resource-kind.js';
import { findResourceKind } from './resources/resource-kinds.js';
import type { Guards, Notification, RunResource } from './run-resource.js';
import { hasSecretToken } from './secret-token.js';
import type { CompileInput, Role } from './types.js';

/** A run before it becomes text. */
export interface ResolvedRun {
  readonly role: RoleDefinition;
  readonly resources: readonly RunResource[];
  /** Commands of the role's facts, rendered. */
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * The resources that a role's run list has for a node, in order, with every value decided.
 *
 * @throws BdeError `COOKBOOK_INVALID` or `RENDER_FAILED`; all findings at once
 */
export function resolveRun(input: CompileInput, cookbooks: readonly Cookbook[]): ResolvedRun {
  const role = requireRole(input.role, cookbooks);
  refusePlantedTokens(input, rolesByName(cookbooks));
  const errors: BdeError[] = [];
  const resources = resolveResources(input, cookbooks, { errors, wanted: () => true });
  errors.push(...checkResourceList(resources));
  // A resource that has an error said already why its fact is not given.
  if (errors.length === 0) errors.push(...checkFacts(role.role, resources));
  const context = renderContext(input, role.role, role.role.cookbook);
  const facts = Object.entries(role.facts).map(([name, command]) => {
    const text = collectErrors(errors, () => command.render(context)) ?? '';
    if (hasSecretToken(text))
      errors.push(placedError(command.place, "a fact's command cannot hold a secret", SECRET_HINT));
    return [name, text] as const;
  });
  throwFindings(errors, 'COOKBOOK_INVALID', `the run list of ${input.role}`);
  return { role, resources, facts: Object.fromEntries(facts) };
}

/**
 * The resources of some kinds only: of the others nothing is rendered, so what they need may be unknown yet.
 *
 * @throws BdeError `COOKBOOK_INVALID` or `RENDER_FAILED`; all findings at once
 */
export function resolveKinds(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
  kinds: readonly string[],
): readonly RunResource[] {
  const errors: BdeError[] = [];
  const resources = resolveResources(input, cookbooks, { errors, wanted: (kind) => kinds.includes(kind) });
  throwFindings(errors, 'COOKBOOK_INVALID', `the run list of ${input.role}`);
  return resources;
}

interface Selection {
  /** Gets what is wrong. */
  readonly errors: BdeError[];
  readonly wanted: (kind: string) => boolean;
}

function resolveResources(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
  { errors, wanted }: Selection,
): readonly RunResource[] {
  const { role } = requireRole(input.role, cookbooks);
  const roles = rolesByName(cookbooks);
  return role.runList
    .flatMap((entry) => collectErrors(errors, () => recipeResources(entry, role, cookbooks)) ?? [])
    .filter(({ resource }) => wanted(resource.kind))
    .flatMap((each) => collectErrors(errors, () => resolveResource(each, { input, role, roles })) ?? []);
}

/** @throws BdeError `COOKBOOK_INVALID` */
export function requireRole(name: string, cookbooks: readonly Cookbook[]): RoleDefinition {
  const role = findRole(cookbooks, name);
  if (role !== undefined) return role;
  const known = [...rolesByName(cookbooks).keys()].sort();
  throw new BdeError('COOKBOOK_INVALID', `No cookbook has the role ${JSON.stringify(name)}${didYouMean(name, known)}`, {
    subject: { role: name },
    hint: `Roles are: ${known.join(', ')}.`,
  });
}

interface PlacedResource {
  readonly resource: RecipeResource;
  readonly cookbook: Cookbook;
}

function recipeResources(entry: string, role: Role, cookbooks: readonly Cookbook[]): readonly PlacedResource[] {
  const [cookbookName = '', recipeName = ''] = entry.split('::');
  const cookbook = cookbooks.find((each) => each.name === cookbookName);
  const recipe = cookbook?.recipes[recipeName];
  if (cookbook !== undefined && recipe !== undefined) {
    return recipe.resources.map((resource) => ({ resource, cookbook }));
  }
  const known = cookbooks.flatMap((each) => Object.keys(each.recipes).map((name) => `${each.name}::${name}`));
  throw new BdeError(
    'COOKBOOK_INVALID',
    `The run list of ${role.name} names ${entry}, which is not there${didYouMean(entry, known)}`,
    {
      subject: { role: role.name },
      hint: `Recipes are: ${known.sort().join(', ')}.`,
    },
  );
}

interface RunScope {
  readonly input: CompileInput;
  readonly role: Role;
  readonly roles: ReadonlyMap<string, Role>;
}

function resolveResource({ resource, cookbook }: PlacedResource, scope: RunScope): RunResource | null {
  const kind = findResourceKind(resource.kind);
  if (kind === undefined) throw new TypeError(`there is no resource ${resource.kind}`);
  const context = renderContext(scope.input, scope.role, cookbook.name);
  if (!isWanted(resource, context)) return null;
  const name = resource.name.render(context);
  const guards = {
    onlyIf: resource.onlyIf?.render(context) ?? null,
    notIf: resource.notIf?.render(context) ?? null,
    creates: resource.creates?.render(context) ?? null,
  };
  const notify = resource.notify.map((each) => parseNotification(each.render(context)));
  const parameters = Object.entries(resource.parameters).map(([key, render]) => [key, render(context)] as const);
  const call = kind.resolve(
    { name, parameters: Object.fromEntries(parameters) },
    {
      input: scope.input,
      roles: scope.roles,
      cookbook,
      creates: guards.creates,
      notifies: notify.length > 0,
      renderTemplate: (template) => renderTemplate(template, { cookbook, context, resource }),
      problem: (key, message, hint) => resourceError(resource, { key, message, hint }),
    },
  );
  if (call === null) return null;
  refuseVisibleSecrets(resource, guards, call);
  return { id: `${resource.kind}[${call.name ?? name}]`, kind, call, guards, notify, place: resource.place };
}

const SECRET_HINT = 'Secrets may stand in contents of files that others cannot read, and in the command of an execute.';

/** Arguments of programs and files with open modes are seen by everyone on the node. */
function refuseVisibleSecrets(resource: RecipeResource, guards: Guards, call: ResourceCall): void {
  const { onlyIf, notIf, creates } = guards;
  const literals = [onlyIf, notIf, creates, ...call.arguments].filter((each) => typeof each === 'string');
  if (literals.some(hasSecretToken)) {
    throw resourceError(resource, { key: null, message: 'holds a secret where others can see it', hint: SECRET_HINT });
  }
  const holdsSecret = call.arguments.some(
    (each) =>
      typeof each === 'object' && 'content' in each && typeof each.content === 'string' && hasSecretToken(each.content),
  );
  const { mode } = call.parameters;
  if (!holdsSecret || typeof mode !== 'string' || mode.endsWith('0')) return;
  const message = `holds a secret, and mode "${mode}" lets everyone on the node read it`;
  throw resourceError(resource, {
    key: null,
    message,
    hint: 'Give it a mode such as "0640", with its owner or group.',
  });
}

function isWanted(resource: RecipeResource, context: object): boolean {
  const answer = resource.when?.render(context).trim() ?? 'true';
  if (answer === 'true' || answer === 'false') return answer === 'true';
  throw resourceError(resource, { key: 'when', message: `renders ${JSON.stringify(answer)}; allowed is true, false` });
}

function renderTemplate(
  name: string,
  {
    cookbook,
    context,
    resource,
  }: { readonly cookbook: Cookbook; readonly context: object; readonly resource: RecipeResource },
): string {
  const template = Object.hasOwn(cookbook.templates, name) ? cookbook.templates[name] : undefined;
  if (template !== undefined) return template.render(context);
  const message = `names templates/${name}.hbs, which is not there${didYouMean(name, Object.keys(cookbook.templates))}`;
  throw resourceError(resource, { key: 'source', message });
}

function parseNotification(text: string): Notification {
  const [, action = '', target = '', immediately] = /^([a-z]+) (.*?)( immediately)?$/s.exec(text) ?? [];
  return { action, target, immediately: immediately !== undefined };
}

function resourceError(
  resource: RecipeResource,
  { key, message, hint }: { readonly key: string | null; readonly message: string; readonly hint?: string | undefined },
): BdeError {
  const place = key === null ? resource.place : resource.placeOf(key);
  return placedError(place, `${key ?? `the ${resource.kind}`} ${message}`, hint);
}
