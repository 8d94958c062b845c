import type { Secret } from '../../errors/secret.js';
import { clusterSecrets, type ClusterSecret } from '../cluster-secrets.js';
import type { EngineDependencies } from '../context.js';
import { findSecret } from '../find-secret.js';
import { openSecrets } from '../open-secrets.js';
import { parseCookbooks } from '../parse-cookbooks.js';
import type { PinnedContent } from '../pins.js';
import type { ClusterRecord } from '../ports/store.js';
import { secretMac } from '../secret-mac.js';
import type { ChangeRequest } from './change-request.js';

/** What a change makes of a cluster's secrets. */
export interface ProposedSecrets {
  /** Values that are given, where the store has none or another one; by name. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Those whose values are made when the change is recorded: they rotate, or nobody gave one yet. */
  readonly unmade: readonly ClusterSecret[];
  /** Names of those to which the spec gives another value than they have. */
  readonly overruled: readonly string[];
}

/**
 * Works out which secrets of a cluster get another value. One that is given the value that it has is none of them.
 *
 * @throws BdeError `UNKNOWN_SECRET`
 */
export async function proposeSecrets(
  { inputs, secrets: { set, rotate } }: ChangeRequest,
  content: PinnedContent,
  given: { readonly cluster: ClusterRecord; readonly deps: EngineDependencies },
): Promise<ProposedSecrets> {
  // What was pinned once has every value that it needs.
  if (typeof inputs === 'string' && set.size === 0 && rotate.length === 0) return NOTHING;
  const { cluster, deps } = given;
  const all = clusterSecrets(content.resolved, parseCookbooks(content.cookbooks).cookbooks);
  const stored = await openSecrets(deps, cluster.id);
  const macOf = (name: string, value: Secret): string => secretMac(deps, cluster.id, [name, value]);
  const isOther = ([name, value]: readonly [string, Secret]): boolean => {
    const known = stored.get(name);
    return known === undefined || macOf(name, known) !== macOf(name, value);
  };
  const ofSpec = typeof inputs === 'string' ? NOTHING.secrets : inputs.secrets;
  const secrets = new Map([...ofSpec, ...set].filter(isOther));
  const rotated = new Set(rotate.map((name) => findSecret(all, name, cluster.name).name));
  const isLacking = ({ name, origin }: ClusterSecret): boolean => origin === 'generated' && !stored.has(name);
  return {
    secrets,
    unmade: all.filter((secret) => rotated.has(secret.name) || isLacking(secret)),
    overruled: [...ofSpec.keys()].filter((name) => secrets.has(name) && stored.has(name)),
  };
}

const NOTHING: ProposedSecrets = { secrets: new Map(), unmade: [], overruled: [] };
