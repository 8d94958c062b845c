import type { ClusterId } from '../errors/ids.js';
import type { Secret } from '../errors/secret.js';
import type { EngineDependencies } from './context.js';
import { attributeSecretName, FORMER_PREFIX } from './secret-names.js';

const PREFIX = attributeSecretName('');

type SecretKeepers = Pick<EngineDependencies, 'store' | 'sealer'>;

/** Every secret attribute of a cluster, opened, by its name without the prefix. */
export async function openSecrets(deps: SecretKeepers, clusterId: ClusterId): Promise<ReadonlyMap<string, Secret>> {
  const opened = await openAll(deps, clusterId, PREFIX);
  return new Map(opened.map(([name, secret]) => [name.slice(PREFIX.length), secret]));
}

/** Values that secret attributes of a cluster had before: for taking them out of what is printed, and for nothing else. */
export async function openFormerSecrets(deps: SecretKeepers, clusterId: ClusterId): Promise<readonly Secret[]> {
  return (await openAll(deps, clusterId, FORMER_PREFIX)).map(([, secret]) => secret);
}

async function openAll(
  { store, sealer }: SecretKeepers,
  clusterId: ClusterId,
  prefix: string,
): Promise<readonly (readonly [string, Secret])[]> {
  const opened: (readonly [string, Secret])[] = [];
  for (const name of await store.secrets.list(clusterId)) {
    const sealed = name.startsWith(prefix) ? await store.secrets.get(clusterId, name) : undefined;
    if (sealed !== undefined) opened.push([name, await sealer.open(sealed)]);
  }
  return opened;
}
