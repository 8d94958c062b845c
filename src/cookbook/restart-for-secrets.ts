import type { RunResource } from './run-resource.js';
import { hasSecretToken } from './secret-token.js';

/**
 * The same resources, where each that lays a secret into a file and tells nobody restarts the services that may read it:
 * those of its own custom resource, else of its own cookbook, else of the run. A secret that is rotated is of no use in a
 * service that still has the old one in memory.
 */
export function restartForSecrets(resources: readonly RunResource[]): readonly RunResource[] {
  const services = resources.filter(isKeptRunning);
  return resources.map((resource) => {
    if (resource.notify.length > 0 || !laysSecret(resource)) return resource;
    const targets = nearest(resource, services);
    return {
      ...resource,
      implied: targets.map(({ id }) => ({ action: 'restart', target: id, immediately: false })),
    };
  });
}

function isKeptRunning({ kind, call }: RunResource): boolean {
  return kind.kind === 'service' && call.parameters['state'] === 'running';
}

/** A seed is written once: a new value does not come to it. */
function laysSecret({ call }: RunResource): boolean {
  if ((call.path ?? call.edits) === undefined || call.parameters['seed'] === true) return false;
  return call.arguments.some(
    (each) =>
      typeof each === 'object' && 'content' in each && typeof each.content === 'string' && hasSecretToken(each.content),
  );
}

function nearest(resource: RunResource, services: readonly RunResource[]): readonly RunResource[] {
  const own = prefixOf(resource);
  const beside = own === '' ? [] : services.filter((each) => prefixOf(each) === own);
  if (beside.length > 0) return beside;
  const related = services.filter((each) => cookbookOf(each) === cookbookOf(resource));
  return related.length > 0 ? related : services;
}

/** `redis::instance[a]/` of `redis::instance[a]/file[/etc/a]`; empty outside of custom resources. */
function prefixOf({ id, kind }: RunResource): string {
  return id.slice(0, id.lastIndexOf(`${kind.kind}[`));
}

/** The folder of the cookbook whose file has it. */
function cookbookOf({ place }: RunResource): string {
  return place.file.replace(/\/(?:recipes|resources)\/[^/]*$/, '');
}
