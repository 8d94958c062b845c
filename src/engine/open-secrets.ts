import type { ClusterId } from '../errors/ids.js';
import type { Secret } from '../errors/secret.js';
import type { EngineDependencies } from './context.js';
import { attributeSecretName } from './secret-names.js';

const PREFIX = attributeSecretName('');

/** Every secret attribute of a cluster, opened, by its name without the prefix. */
export async function openSecrets(
  deps: Pick<EngineDependencies, 'store' | 'sealer'>,
  clusterId: ClusterId,
): Promise<ReadonlyMap<string, Secret>> {
  const secrets = new Map<string, Secret>();
  for (const name of await deps.store.secrets.list(clusterId)) {
    const sealed = name.startsWith(PREFIX) ? await deps.store.secrets.get(clusterId, name) : undefined;
    if (sealed !== undefined) secrets.set(name.slice(PREFIX.length), await deps.sealer.open(sealed));
  }
  return secrets;
}
