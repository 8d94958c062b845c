import type { Digest } from '../errors/ids.js';
import { digestOf } from './canonical-json.js';
import { isAttributeMap } from './merge-attributes.js';
import { maskSecrets } from './secret-token.js';
import type { Json, ResolvedResource } from './types.js';

/**
 * The input digest of a resource list: what its resources want, in their order, and the revision of each kind. Never the
 * shell text, so that a newer compiler touches no node; and not where resources stand in their files.
 */
export function digestRun(resources: readonly ResolvedResource[], revisionOf: (kind: string) => number): Digest {
  return digestOf({
    formatVersion: 1,
    resources: resources.map(({ id, kind, parameters }) => ({ id, kind, revision: revisionOf(kind), parameters })),
  });
}

/** Parameters with the HMACs of secrets in place of their placeholders. */
export function maskParameters(value: Json, secretMac: (name: string) => string): Json {
  if (typeof value === 'string') return maskSecrets(value, secretMac);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => maskParameters(item, secretMac));
  if (!isAttributeMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskParameters(item, secretMac)]));
}
