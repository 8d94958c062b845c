import { didYouMean } from '../spec/document/nearest-name.js';
import type { RecipeResource } from './cookbook.js';
import { itemError } from './item-error.js';
import { renderPorts } from './render-ports.js';
import { requireRole } from './require-role.js';
import type { ResourceCall } from './resources/resource-kind.js';
import { findResourceKind } from './resources/resource-kinds.js';
import type { AskedNotification, DraftResource, Guards, Limits } from './run-resource.js';
import type { ItemScope } from './run-scope.js';
import { hasSecretToken } from './secret-token.js';

/** What stands around a resource once its common keys are rendered. */
export interface ItemParts {
  readonly context: object;
  readonly guards: Guards;
  readonly asked: readonly AskedNotification[];
  readonly limits: Limits;
}

/**
 * One resource with every value decided; null where there is nothing to do on this node.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`
 */
export function resolveResource(resource: RecipeResource, parts: ItemParts, scope: ItemScope): DraftResource | null {
  const kind = findResourceKind(resource.kind);
  if (kind === undefined) throw new TypeError(`there is no resource ${resource.kind}`);
  const { context, guards, asked, limits } = parts;
  const { input, roles, cookbooks } = scope.run;
  const name = resource.name.render(context);
  const parameters = Object.entries(resource.parameters).map(([key, render]) => [key, render(context)] as const);
  const call = kind.resolve(
    { name, parameters: Object.fromEntries(parameters) },
    {
      input,
      roles,
      portsOf: (role) => renderPorts(requireRole(role.name, cookbooks), input.attributes),
      cookbook: scope.cookbook,
      creates: guards.creates,
      notifies: asked.length > 0,
      timeoutSeconds: limits.timeoutSeconds,
      renderTemplate: (template) => renderTemplate(template, resource, { context, scope }),
      problem: (key, message, hint) => itemError(resource, { key, message, hint }),
    },
  );
  if (call === null) return null;
  refuseVisibleSecrets(resource, guards, call);
  const { groups, prefixes } = scope;
  const id = `${prefixes[0] ?? ''}${resource.kind}[${call.name ?? name}]`;
  return { id, kind, call, guards, groups, limits, asked, place: resource.place };
}

/** Where secrets may stand, for who put one elsewhere. */
export const SECRET_HINT =
  'Secrets may stand in contents of files that others cannot read, and in the command of an execute.';

/** Arguments of programs and files with open modes are seen by everyone on the node. */
function refuseVisibleSecrets(resource: RecipeResource, guards: Guards, call: ResourceCall): void {
  const { onlyIf, notIf, creates } = guards;
  const literals = [onlyIf, notIf, creates, ...call.arguments].filter((each) => typeof each === 'string');
  if (literals.some(hasSecretToken)) {
    throw itemError(resource, { key: null, message: 'holds a secret where others can see it', hint: SECRET_HINT });
  }
  const holdsSecret = call.arguments.some(
    (each) =>
      typeof each === 'object' && 'content' in each && typeof each.content === 'string' && hasSecretToken(each.content),
  );
  const { mode } = call.parameters;
  if (!holdsSecret || typeof mode !== 'string' || mode.endsWith('0')) return;
  const message = `holds a secret, and mode "${mode}" lets everyone on the node read it`;
  throw itemError(resource, { key: null, message, hint: 'Give it a mode such as "0640", with its owner or group.' });
}

function renderTemplate(
  name: string,
  resource: RecipeResource,
  { context, scope }: { readonly context: object; readonly scope: ItemScope },
): string {
  const { templates } = scope.cookbook;
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (template !== undefined) return template.render(context);
  const message = `names templates/${name}.hbs, which is not there${didYouMean(name, Object.keys(templates))}`;
  throw itemError(resource, { key: 'source', message });
}
