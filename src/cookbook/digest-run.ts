import type { Digest } from '../errors/ids.js';
import { canonicalJson } from './canonical-json.js';
import { isAttributeMap } from './merge-attributes.js';
import { memoByIdentity } from './memo-by-identity.js';
import { maskSecrets } from './secret-token.js';
import { sha256 } from './sha256.js';
import type { Json, ResolvedResource } from './types.js';

/**
 * The input digest of a resource list, sha256 of its canonical JSON: what its resources want, in their order, and the revision of each kind. Never the
 * shell text, so that a newer compiler touches no node; and not where resources stand in their files.
 */
export function digestRun(resources: readonly ResolvedResource[], revisionOf: (kind: string) => number): Digest {
  const texts = resources.map(
    ({ id, kind, parameters }) =>
      `{"id":${JSON.stringify(id)},"kind":${JSON.stringify(kind)},"parameters":${parametersText(parameters)},` +
      `"revision":${canonicalJson(revisionOf(kind))}}`,
  );
  return sha256(`{"formatVersion":1,"resources":[${texts.join(',')}]}`) as Digest;
}

/** A resource that is the same on many nodes is one object: its text is the greater part of what a digest costs. */
const parametersText = memoByIdentity((parameters: ResolvedResource['parameters']) => canonicalJson(parameters));

/** Parameters with the HMACs of secrets in place of their placeholders. */
export function maskParameters(value: Json, secretMac: (name: string) => string): Json {
  if (typeof value === 'string') return maskSecrets(value, secretMac);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => maskParameters(item, secretMac));
  if (!isAttributeMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskParameters(item, secretMac)]));
}
