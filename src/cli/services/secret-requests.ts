import { checkValue } from '../../cookbook/value-schema.js';
import { clusterSecrets, type ClusterSecret } from '../../engine/cluster-secrets.js';
import type { EngineDependencies } from '../../engine/context.js';
import { findSecret } from '../../engine/find-secret.js';
import { NO_CHANGE } from '../../engine/operations/change-request.js';
import { parseCookbooks } from '../../engine/parse-cookbooks.js';
import { readPinnedContent } from '../../engine/pins.js';
import type { ClusterRecord } from '../../engine/ports/store.js';
import { BdeError } from '../../errors/bde-error.js';
import type { Secret } from '../../errors/secret.js';
import type { MakeRequest } from './change-cluster.js';
import type { ValueOrigin } from './read-secret-value.js';

/** A value that somebody gives a secret. */
export function setSecretRequest(
  name: string,
  { value, from }: { readonly value: Secret; readonly from: ValueOrigin },
): MakeRequest {
  return async (cluster, deps) => {
    const secret = findSecret(await pinnedSecrets(cluster, deps), name, cluster.name);
    checkSecretValue(secret, value, cluster.name);
    const secrets = { set: new Map([[secret.name, value]]), rotate: [] };
    return { ...NO_CHANGE, kind: 'set-secret', secrets, asked: { name: secret.name, from } };
  };
}

/** New random values; of all secrets that bde can make where no names are given. */
export function rotateSecretsRequest(names: readonly string[] | 'all'): MakeRequest {
  return async (cluster, deps) => {
    const known = await pinnedSecrets(cluster, deps);
    const meant = names === 'all' ? known.filter(isMade) : names.map((name) => findSecret(known, name, cluster.name));
    for (const secret of meant) if (!isMade(secret)) throw notMade(secret, cluster.name);
    const rotate = [...new Set(meant.map(({ name }) => name))];
    return { ...NO_CHANGE, kind: 'rotate-secrets', secrets: { set: new Map(), rotate }, asked: { names: rotate } };
  };
}

/** True where bde knows how to make a value: the cookbook says it. */
export function isMade({ schema }: Pick<ClusterSecret, 'schema'>): boolean {
  return schema.generate !== undefined;
}

async function pinnedSecrets(
  cluster: ClusterRecord,
  { store }: Pick<EngineDependencies, 'store'>,
): Promise<readonly ClusterSecret[]> {
  const { resolved, cookbooks } = await readPinnedContent(store.blobs, cluster.pins);
  return clusterSecrets(resolved, parseCookbooks(cookbooks).cookbooks);
}

/** Says what would be allowed, and nothing of the value. */
function checkSecretValue({ name, schema }: ClusterSecret, value: Secret, cluster: string): void {
  const [problem] = checkValue(schema, value.reveal());
  if (problem === undefined) return;
  throw new BdeError('SECRET_REFUSED', `The value for ${name} ${problem.message}.`, {
    subject: { cluster },
    hint: 'Nothing was set; give a value that its cookbook allows.',
  });
}

function notMade({ name, attribute }: ClusterSecret, cluster: string): BdeError {
  return new BdeError(
    'SECRET_REFUSED',
    `The secret ${name} cannot be rotated: its cookbook does not say how bde makes a value of ${attribute} (generate).`,
    { subject: { cluster }, hint: `Give it a new value: bde secret set ${cluster} ${name}.` },
  );
}
