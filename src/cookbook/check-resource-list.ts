import type { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { placedError } from './placed-error.js';
import { formatPlace } from './render/source-place.js';
import type { RunResource } from './run-resource.js';

/** Everything that is wrong between the resources of a list: two of one name or path, notifications that nobody hears. */
export function checkResourceList(resources: readonly RunResource[]): readonly BdeError[] {
  return [
    ...repeated(resources, ({ id }) => id),
    ...repeated(resources, ({ call }) => call.path),
    ...resources.flatMap((resource) => unheard(resource, resources)),
  ];
}

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
    return [placedError(resource.place, `${key} is there twice, first at ${formatPlace(earlier.place)}`)];
  });
}

function unheard(resource: RunResource, resources: readonly RunResource[]): readonly BdeError[] {
  const ids = resources.map(({ id }) => id);
  return resource.notify.flatMap(({ action, target }) => {
    const found = resources.find(({ id }) => id === target);
    if (found === undefined) {
      return [placedError(resource.place, `notifies ${target}, which is not in the run${didYouMean(target, ids)}`)];
    }
    const actions = Object.keys(found.call.actions ?? {});
    if (actions.includes(action)) return [];
    const known = actions.length === 0 ? 'it has none' : `actions are ${actions.join(', ')}`;
    return [placedError(resource.place, `asks ${target} to ${action}; ${known}`)];
  });
}
