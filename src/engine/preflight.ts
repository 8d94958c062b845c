import { BdeError } from '../errors/bde-error.js';
import type { Role } from '../cookbook/types.js';
import { closeReserved, hostsAreMachines } from '../plan/assign-addresses.js';
import { findPreflightProblems, type PreflightFindings } from '../plan/find-preflight-problems.js';
import type { ResolvedCluster } from '../spec/resolved-cluster.js';
import type { EngineDependencies } from './context.js';

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
  const findings = await gather(request, deps);
  const [first] = findings.problems;
  if (first === undefined) return findings.warnings;
  if (findings.problems.length === 1) throw first;
  throw new BdeError('PREFLIGHT_FAILED', `${String(findings.problems.length)} things stand in the way of ${name}.`, {
    subject: { cluster: name },
    hint: 'Mend each of them; nothing was made.',
    failures: findings.problems,
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
      missing: listings.find((listing) => listing.name === repo)?.missing ?? [`the repo ${repo} itself`],
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
