import type { BdeError } from '../errors/bde-error.js';
import { placedError } from './placed-error.js';
import { formatPlace } from './render/source-place.js';
import { actionsText } from './resolve-notifications.js';
import type { RunResource } from './run-resource.js';

/**
 * Everything that is wrong between the resources of a list: two of one name or path, edits that another one undoes, actions
 * that nobody has.
 */
export function checkResourceList(resources: readonly RunResource[]): readonly BdeError[] {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  return [
    ...repeated(resources, ({ id }) => id),
    ...repeated(resources, ({ call }) => call.path),
    ...resources.flatMap((resource) => undone(resource, resources)),
    ...resources.flatMap((resource) => unheard(resource, byId)),
  ];
}

/** An edit of a file that another resource lays whole would be undone by each run, and made again. */
function undone({ call, place }: RunResource, resources: readonly RunResource[]): readonly BdeError[] {
  if (call.edits === undefined) return [];
  const whole = resources.find((other) => other.call.path === call.edits && 'sha256' in other.call.parameters);
  if (whole === undefined) return [];
  return [placedError(place, `edits ${call.edits}, which ${whole.id} lays whole at ${formatPlace(whole.place)}`)];
}

const REPEATED_HINT =
  'Let its name differ each time: by {{item}}, {{key}} or {{index}} of for_each, or by an argument.';

function repeated(
  resources: readonly RunResource[],
  keyOf: (resource: RunResource) => string | undefined,
): readonly BdeError[] {
  const first = new Map<string, RunResource>();
  return resources.flatMap((resource) => {
    const key = keyOf(resource);
    const earlier = key === undefined ? undefined : first.get(key);
    if (key !== undefined && earlier === undefined) first.set(key, resource);
    if (earlier === undefined || key === undefined) return [];
    // One item of a recipe is there twice where it is repeated by `for_each`, or where what it stands in is.
    const hint = formatPlace(earlier.place) === formatPlace(resource.place) ? REPEATED_HINT : undefined;
    return [placedError(resource.place, `${key} is there twice, first at ${formatPlace(earlier.place)}`, hint)];
  });
}

function unheard(resource: RunResource, byId: ReadonlyMap<string, RunResource>): readonly BdeError[] {
  return resource.notify.flatMap(({ action, target }) => {
    const actions = Object.keys(byId.get(target)?.call.actions ?? {});
    if (actions.includes(action)) return [];
    return [placedError(resource.place, `asks ${target} to ${action}; ${actionsText(actions)}`)];
  });
}
