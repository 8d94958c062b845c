import { isAttributeMap } from '../cookbook/merge-attributes.js';
import { secretToken } from '../cookbook/secret-token.js';
import type { Attributes, Json } from '../cookbook/types.js';
import type { Configured } from './take-secrets-out.js';

/**
 * The cluster without the placeholders that `takeSecretsOut` left: their values were looked at when they were given. A
 * placeholder at any other place stays, for whoever put it there may not know the secret.
 */
export function withoutTakenSecrets<Cluster extends Configured>(cluster: Cluster): Cluster {
  const groups = cluster.groups.map((group) => ({
    ...group,
    configuration: withoutTokens(group.configuration, [`group.${group.name}`]),
  }));
  return { ...cluster, groups, configuration: withoutTokens(cluster.configuration, ['cluster']) };
}

function withoutTokens(values: Attributes, path: readonly string[]): Attributes {
  const kept = Object.entries(values).filter(([key, value]) => !isOwnToken(value, [...path, key]));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutTokensBelow(value, [...path, key])]));
}

function withoutTokensBelow(value: Json, path: readonly string[]): Json {
  if (isAttributeMap(value)) return withoutTokens(value, path);
  if (!Array.isArray(value)) return value;
  return (value as readonly Json[]).flatMap((item, index) => {
    const below = [...path, String(index)];
    return isOwnToken(item, below) ? [] : [withoutTokensBelow(item, below)];
  });
}

function isOwnToken(value: Json, path: readonly string[]): boolean {
  return value === secretToken(path.join('.'));
}
