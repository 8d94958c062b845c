import { BdeError } from '../errors/bde-error.js';
import { throwFindings } from '../spec/document/finding.js';
import { rolesByName } from './attribute-layers.js';
import { checkFacts } from './check-facts.js';
import { checkResourceList } from './check-resource-list.js';
import { collectErrors } from './collect-errors.js';
import { computeAlways, type Recall } from './compile-memo.js';
import type { Cookbook, RoleDefinition } from './cookbook.js';
import { expandItems } from './expand-items.js';
import { findRecipe, missingPart } from './find-recipe.js';
import { noteInclusion, NO_GUARDS } from './inclusions.js';
import { placedError } from './placed-error.js';
import { refusePlantedTokens, renderContext } from './render-context.js';
import { renderPorts } from './render-ports.js';
import { requireRole } from './require-role.js';
import { defaultArguments } from './resolve-arguments.js';
import { resolveNotifications } from './resolve-notifications.js';
import { SECRET_HINT } from './resolve-resource.js';
import { restartForSecrets } from './restart-for-secrets.js';
import type { DraftResource, RunResource } from './run-resource.js';
import type { ItemScope, RunRegistry, RunScope } from './run-scope.js';
import { hasSecretToken } from './secret-token.js';
import type { CompileInput } from './types.js';

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
export function resolveRun(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
  recall: Recall = computeAlways,
): ResolvedRun {
  const role = requireRole(input.role, cookbooks);
  const run = openScope(input, cookbooks, { role, kinds: null, recall });
  refusePlantedTokens(input, run.roles);
  const { errors, registry } = run;
  collectErrors(errors, () => renderPorts(role, input.attributes));
  const drafts = expandRunList(run);
  const resources = restartForSecrets(resolveNotifications(drafts, registry, errors));
  errors.push(...checkResourceList(resources));
  // A resource that has an error said already why its fact is not given.
  if (errors.length === 0) errors.push(...checkFacts(role.role, resources));
  const facts = renderFacts(role, run);
  throwFindings(errors, 'COOKBOOK_INVALID', `the run list of ${input.role}`);
  return { role, resources, facts };
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
): readonly DraftResource[] {
  const role = requireRole(input.role, cookbooks);
  const run = openScope(input, cookbooks, { role, kinds: new Set(kinds), recall: computeAlways });
  const resources = expandRunList(run);
  throwFindings(run.errors, 'COOKBOOK_INVALID', `the run list of ${input.role}`);
  return resources;
}

function openScope(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
  given: { readonly role: RoleDefinition } & Pick<RunScope, 'kinds' | 'recall'>,
): RunScope {
  const { kinds, recall } = given;
  const { role } = given.role;
  const contexts = new Map<string, object>();
  const contextOf = (cookbook: string): object => {
    const context = contexts.get(cookbook) ?? renderContext(input, role, cookbook);
    contexts.set(cookbook, context);
    return context;
  };
  const registry: RunRegistry = {
    included: new Set(),
    groupCounts: new Map(),
    customs: new Map(),
    elsewhere: new Set(),
  };
  return { input, role, roles: rolesByName(cookbooks), cookbooks, errors: [], kinds, contextOf, registry, recall };
}

function expandRunList(run: RunScope): readonly DraftResource[] {
  return run.role.runList.flatMap((entry) => collectErrors(run.errors, () => expandEntry(entry, run)) ?? []);
}

function expandEntry(entry: string, run: RunScope): readonly DraftResource[] {
  const found = findRecipe(entry, run.cookbooks);
  if (found === undefined) throw unknownEntry(entry, run);
  const parameters = defaultArguments(found.part, (name) => untold(entry, name, run));
  const scope: ItemScope = {
    run,
    cookbook: found.cookbook,
    context: { ...run.contextOf(found.cookbook.name), parameters },
    trail: [entry],
    prefixes: [''],
    groups: [],
    asked: [],
    limits: { retry: null, timeoutSeconds: null },
  };
  if (!noteInclusion({ recipe: entry, parameters, guards: NO_GUARDS, scope })) return [];
  return expandItems(found.part.resources, scope);
}

function unknownEntry(entry: string, { role, cookbooks }: RunScope): BdeError {
  const { message, hint } = missingPart('recipes', entry, cookbooks);
  return new BdeError('COOKBOOK_INVALID', `The run list of ${role.name} ${message}`, {
    subject: { role: role.name },
    hint,
  });
}

function untold(entry: string, parameter: string, { role }: RunScope): BdeError {
  const message = `The run list of ${role.name} names ${entry}, which has to be told ${JSON.stringify(parameter)}`;
  return new BdeError('COOKBOOK_INVALID', message, {
    subject: { role: role.name },
    hint: 'A run list tells nothing: give the parameter a default, or include the recipe with arguments from another one.',
  });
}

function renderFacts(role: RoleDefinition, { errors, contextOf }: RunScope): Readonly<Record<string, string>> {
  const context = contextOf(role.role.cookbook);
  const facts = Object.entries(role.facts).map(([name, command]) => {
    const text = collectErrors(errors, () => command.render(context)) ?? '';
    if (hasSecretToken(text))
      errors.push(placedError(command.place, "a fact's command cannot hold a secret", SECRET_HINT));
    return [name, text] as const;
  });
  return Object.fromEntries(facts);
}
