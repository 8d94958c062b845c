import { BdeError } from '../errors/bde-error.js';
import type { Role } from '../cookbook/types.js';
import { closeReserved, hostsAreMachines } from '../plan/assign-addresses.js';
import { findPreflightProblems, type PreflightFindings } from '../plan/find-preflight-problems.js';
import type { ResolvedCluster } from '../spec/resolved-cluster.js';
import type { EngineDependencies } from './context.js';
import { parseCookbooks } from './parse-cookbooks.js';
import type { Proposal } from './operations/propose-change.js';
import type { ClusterRecord } from './ports/store.js';

/** What is about to be made. */
export interface PreflightRequest {
  readonly resolved: ResolvedCluster;
  readonly repos: readonly string[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly rehearsal: boolean;
}

/**
 * Looks at names, host, capacity, addresses and packages before anything is made, and reports all findings at once.
 * Returns the warnings.
 *
 * @throws BdeError `CLUSTER_EXISTS`, `PREFLIGHT_FAILED`
 */
export async function preflight(request: PreflightRequest, deps: EngineDependencies): Promise<readonly string[]> {
  const { name } = request.resolved;
  if ((await deps.store.clusters.byName(name)) !== undefined) throw clusterExists(name);
  return requireNone(name, await gather(request, deps));
}

/**
 * The same looks for the nodes that a change adds to a cluster. Returns the warnings.
 *
 * @throws BdeError `PREFLIGHT_FAILED`
 */
export async function findObstacles(
  proposed: Pick<Proposal, 'content' | 'nodes' | 'isPreparedAnew'>,
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<readonly string[]> {
  const { content, nodes, isPreparedAnew } = proposed;
  const recorded = new Set((await deps.store.nodes.listNodes(cluster.id)).map(({ name }) => name));
  const added = nodes.filter(({ name }) => !recorded.has(name));
  if (added.length === 0) return [];
  const names = new Set(added.map(({ name }) => name));
  const groups = content.resolved.groups
    .map((group) => ({ ...group, count: added.filter((node) => node.group === group.name).length }))
    .filter(({ count }) => count > 0);
  const resolved = { ...content.resolved, groups, nodes: content.resolved.nodes.filter(({ name }) => names.has(name)) };
  const { roles } = parseCookbooks(content.cookbooks);
  // Packages that are locked lie in snapshots: whether their repos are still defined is of no account.
  const repos = isPreparedAnew ? content.distro.repos : [];
  const request = { resolved, repos, roles, rehearsal: cluster.rehearsal };
  return requireNone(cluster.name, await gather(request, deps));
}

function requireNone(cluster: string, { problems, warnings }: PreflightFindings): readonly string[] {
  const [first] = problems;
  if (first === undefined) return warnings;
  if (problems.length === 1) throw first;
  throw new BdeError('PREFLIGHT_FAILED', `${String(problems.length)} things stand in the way of ${cluster}.`, {
    subject: { cluster },
    hint: 'Mend each of them; nothing was made.',
    failures: problems,
  });
}

async function gather(request: PreflightRequest, deps: EngineDependencies): Promise<PreflightFindings> {
  const { resolved, roles, rehearsal } = request;
  const { provider } = deps.provider;
  const [inventory, listings] = await Promise.all([provider.inventory(), deps.mirror.list()]);
  const [network] = inventory.networks;
  const reserved = network === undefined ? [] : await deps.store.nodes.reservedAddresses(network.name);
  return findPreflightProblems({
    cluster: resolved,
    roleMinimumsMiB: new Map([...roles.values()].map((role) => [role.name, role.minimumMemoryMiB])),
    memoryIsReserved: provider.describe().memory === 'reserved',
    hosts: closeReserved(inventory.hosts, reserved),
    // Hosts that are machines bring their addresses with them.
    pool:
      network === undefined || hostsAreMachines(inventory.hosts)
        ? null
        : { network: network.name, range: network.range, reserved, foreign: network.foreignAddresses },
    hostLacks: inventory.missing,
    repos: request.repos.map((repo) => ({
      name: repo,
      missing: listings.find((listing) => listing.name === repo)?.missing ?? null,
      folders: deps.mirror.folders,
    })),
    rehearsal,
  });
}

function clusterExists(name: string): BdeError {
  return new BdeError('CLUSTER_EXISTS', `A cluster ${name} exists already.`, {
    subject: { cluster: name },
    hint: `Look at it with bde cluster show ${name}, go on with bde cluster resume ${name}, or choose another name: bde cluster create NAME --spec …`,
  });
}
