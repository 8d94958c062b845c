import { clusterSecrets, type ClusterSecret } from '../../engine/cluster-secrets.js';
import { currentFacts } from '../../engine/current-facts.js';
import { knownFacts } from '../../engine/desired-state.js';
import { openWorkspace } from '../../engine/open-workspace.js';
import { parseCookbooks } from '../../engine/parse-cookbooks.js';
import { readPinnedContent } from '../../engine/pins.js';
import type { FactRecord } from '../../engine/ports/store.js';
import { attributeSecretName } from '../../engine/secret-names.js';
import { secretUses, type SecretUse } from '../../engine/secret-uses.js';
import { findCluster } from './find-cluster.js';
import { isMade } from './secret-requests.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** A secret of a cluster, less its value. */
export interface SecretLine {
  readonly name: string;
  readonly origin: 'spec' | 'generated' | 'fact';
  /** The spec's field (`configuration.vault.password`), the cookbook's attribute, or the role and node that export it. */
  readonly source: string;
  /** ISO 8601; null where nobody wrote it down. */
  readonly setAt: string | null;
  /** True where bde can make a new value. */
  readonly rotates: boolean;
  /** Roles that need it, by name. */
  readonly roles: readonly string[];
  /** Nodes on which they do, in the order of the cluster. */
  readonly nodes: readonly string[];
}

/** `bde secret list`; `formatVersion` 1. */
export interface SecretList {
  readonly formatVersion: 1;
  readonly cluster: string;
  /** By name. */
  readonly secrets: readonly SecretLine[];
  /** Roles on nodes whose facts are not known yet, so that nobody can say what they need. */
  readonly waiting: readonly { readonly role: string; readonly node: string }[];
}

/**
 * The secrets of a cluster: where each comes from, who needs it, since when it has its value. Never a value.
 *
 * @throws BdeError `UNKNOWN_CLUSTER`, `STATE_INVALID` for one that was never planned
 */
export function listSecrets(name: string, surroundings: Surroundings): Promise<SecretList> {
  return withEngine({ ...surroundings, cluster: name }, async (deps) => {
    const cluster = await findCluster(deps.store, name);
    const { resolved, cookbooks } = await readPinnedContent(deps.store.blobs, cluster.pins);
    const workspace = await openWorkspace(deps, cluster);
    const uses = await secretUses(workspace, await knownFacts(deps, cluster, workspace));
    const times = await deps.store.secrets.setTimes(cluster.id);
    const facts = (await currentFacts(deps.store, cluster.id)).filter(({ secret }) => secret);
    const attributes = clusterSecrets(resolved, parseCookbooks(cookbooks).cookbooks);
    const secrets = [
      ...attributes.map((secret) => attributeLine(secret, { uses, times })),
      ...facts.map((fact) => factLine(fact, uses)),
    ].toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const waiting = uses.flatMap(({ node, role, secrets: known }) => (known === null ? [{ role, node }] : []));
    return { formatVersion: 1, cluster: name, secrets, waiting };
  });
}

function attributeLine(
  secret: ClusterSecret,
  { uses, times }: { readonly uses: readonly SecretUse[]; readonly times: ReadonlyMap<string, number> },
): SecretLine {
  const { name, origin } = secret;
  const setAt = times.get(attributeSecretName(name));
  return {
    ...{ name, origin, source: sourceOf(secret) },
    setAt: setAt === undefined ? null : new Date(setAt).toISOString(),
    rotates: isMade(secret),
    ...usersOf(name, uses),
  };
}

function sourceOf({ origin, attribute, group }: ClusterSecret): string {
  if (origin === 'generated') return attribute;
  return group === null ? `configuration.${attribute}` : `nodeGroups.${group}.configuration.${attribute}`;
}

function factLine({ role, node, name: fact }: FactRecord, uses: readonly SecretUse[]): SecretLine {
  const name = `fact/${role}/${node}/${fact}`;
  return { name, origin: 'fact', source: `${role} on ${node}`, setAt: null, rotates: false, ...usersOf(name, uses) };
}

function usersOf(name: string, uses: readonly SecretUse[]): Pick<SecretLine, 'roles' | 'nodes'> {
  const users = uses.filter(({ secrets }) => secrets?.includes(name));
  return {
    roles: [...new Set(users.map(({ role }) => role))].toSorted(),
    nodes: [...new Set(users.map(({ node }) => node))],
  };
}
