import { PACKAGES_KEY, type Desired } from '../../plan/desired.js';
import type { ClusterId, Digest, NodeName } from '../../errors/ids.js';
import { isNodeCertificate } from '../../cookbook/resources/node-certificate.js';
import type { Role } from '../../cookbook/types.js';
import type { ClusterCompiler } from '../cluster-compiler.js';
import { clusterSecrets, type ClusterSecret } from '../cluster-secrets.js';
import type { EngineDependencies } from '../context.js';
import { createClusterCompiler } from '../create-cluster-compiler.js';
import { factSources, plannedRole, withBase } from '../desired-state.js';
import { NO_SHAPE } from '../node-views.js';
import { parseCookbooks } from '../parse-cookbooks.js';
import type { PinnedHome } from '../pins.js';
import type { NodeRecord } from '../ports/store.js';
import type { CreateRequest } from './create-request.js';
import { newNode } from './new-node.js';

/**
 * What a cluster that is not recorded yet asks for. Every template that needs no fact is rendered, so that what is wrong
 * in one is known before anything is made; digests are null, for they hold the cluster's id, addresses and locked
 * packages, which are decided when it is recorded and the home is prepared.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`
 */
export async function compileAhead(
  request: CreateRequest,
  deps: Pick<EngineDependencies, 'store' | 'sealer'>,
): Promise<Desired> {
  const { resolved, distro, rehearsal, secrets } = request;
  const { cookbooks, roles } = parseCookbooks(request.cookbooks);
  const forCluster = await createClusterCompiler({
    deps,
    cluster: { id: LATER_ID, name: resolved.name, rehearsal },
    resolved,
    distro,
    home: LATER,
    cookbooks,
    nodes: resolved.nodes.map(recordLater),
    machines: [],
    secrets,
    unmade: new Set(unmadeSecrets(request).map(({ name }) => name)),
  });
  const compiler = await forCluster.atOnce();
  const nodes = [];
  const shapes = new Map(resolved.groups.map((group) => [group.name, group]));
  for (const { name, group, roles: named } of resolved.nodes) {
    const borne = withBase(named);
    const { size, swapMiB, dataDisksGiB } = shapes.get(group) ?? NO_SHAPE;
    const { keys, laying } = await keysOf(name, borne, { compiler, roles });
    const digests = Object.fromEntries(keys.map((key) => [key, null]));
    const shape = { size, swapMiB, dataDisksGiB };
    const certificate = { keys: laying, why: await compiler.whyCertify(name) };
    nodes.push({
      ...{ name, roles: borne, digests, power: 'on' as const, shape },
      ...(laying.length === 0 ? {} : { certificate }),
    });
  }
  const borne = [...new Set(nodes.flatMap((node) => node.roles))].flatMap((name) => roles.get(name) ?? []);
  return { nodes, roles: borne.map((role) => plannedRole(role, roles)) };
}

/** Secrets of a new cluster whose values are made when it is recorded. */
export function unmadeSecrets({ resolved, cookbooks }: CreateRequest): readonly ClusterSecret[] {
  return clusterSecrets(resolved, parseCookbooks(cookbooks).cookbooks).filter(({ origin }) => origin === 'generated');
}

async function keysOf(
  node: NodeName,
  borne: readonly string[],
  given: { readonly compiler: ClusterCompiler; readonly roles: ReadonlyMap<string, Role> },
): Promise<{ readonly keys: readonly string[]; readonly laying: readonly string[] }> {
  const { compiler, roles } = given;
  const laying: string[] = [];
  for (const name of borne) {
    const role = roles.get(name);
    if (role === undefined || factSources(role, roles).length > 0) continue;
    const { resources } = await compiler.outline(node, name);
    if (resources.some(isNodeCertificate)) laying.push(name);
    await compiler.probe(node, name, 'ready');
    await compiler.probe(node, name, 'acceptance');
  }
  const needsNoPackages = (await compiler.packageNames(node)).length === 0;
  return { keys: needsNoPackages ? borne : [...borne, PACKAGES_KEY], laying };
}

const LATER_ID = '' as ClusterId;

/** Stands for what preparing will give: no step depends on it, only digests do, and those are not shown. */
const LATER: PinnedHome = {
  template: '' as Digest,
  network: '',
  prefixLength: 24,
  hostAddress: '0.0.0.0',
  caCertificate: '',
  packageKeys: {},
  mirrorUrl: 'https://0.0.0.0',
  locks: [],
};

function recordLater(node: CreateRequest['resolved']['nodes'][number]): NodeRecord {
  return newNode(node, { clusterId: LATER_ID, address: '0.0.0.0', network: '' });
}
