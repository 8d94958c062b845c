import { BdeError } from '../errors/bde-error.js';
import type { NodeName } from '../errors/ids.js';
import { archiveFor, type PlacedArchive } from './archive-for.js';
import { ClusterView, type PlanOptions } from './cluster-view.js';
import type { Desired, Observed } from './desired.js';

/** What is to happen to the data of roles. */
export interface DataCheck {
  readonly cluster: string;
  readonly roles: readonly string[];
  /** Null where data is taken. */
  readonly restored: {
    readonly id: string;
    readonly archives: readonly (PlacedArchive & { readonly node: string })[];
  } | null;
  /** `group-index` of each node. */
  readonly places: ReadonlyMap<NodeName, string>;
}

/**
 * Why the data of these roles cannot be taken, or put back. A backup needs a node that runs, or each of them where each has
 * data of its own. What is restored is restored on every member: one that missed it would bring back what it still has.
 */
export function findDataObstacles(
  { desired, observed }: { readonly desired: Desired; readonly observed: Observed },
  check: DataCheck,
  options: PlanOptions,
): readonly BdeError[] {
  const view = new ClusterView(desired, observed, options);
  return check.roles.flatMap((role) => [...downNodes(view, role, check), ...foreignPlaces(view, role, check)]);
}

function downNodes(view: ClusterView, role: string, { cluster, restored }: DataCheck): readonly BdeError[] {
  const peers = peersOf(view, role);
  const down = peers.filter((name) => view.machineOf(name)?.state !== 'on');
  const isEnough = restored === null && view.role(role).data === 'any' && down.length < peers.length;
  if (isEnough || (down.length === 0 && peers.length > 0)) return [];
  const hint = `Bring them back with bde cluster fix ${cluster} or bde cluster start ${cluster}; end what was begun with bde cluster resume ${cluster}.`;
  if (down.length === peers.length) return [obstacle(cluster, role, `No node of ${role} runs.`, hint)];
  const why = restored === null ? 'each has data of its own' : 'its data is restored on all of them, or on none';
  return [obstacle(cluster, role, `These nodes of ${role} do not run: ${down.join(', ')}; ${why}.`, hint)];
}

/** Nodes that bear the role, on or off, and members that are still to leave. */
function peersOf(view: ClusterView, role: string): readonly NodeName[] {
  const bearers = view.desired.nodes.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
  return [...bearers, ...view.leavingMembersOf(role)];
}

/** Where each node has data of its own, a backup has to have that of each, and of no other. */
function foreignPlaces(view: ClusterView, role: string, check: DataCheck): readonly BdeError[] {
  const { cluster, restored, places } = check;
  if (restored === null) return [];
  const nodes = view.namesOf(role);
  const without = nodes.filter(
    (node) => archiveFor(restored.archives, { role, place: places.get(node) ?? '' }) === undefined,
  );
  const known = new Set(nodes.map((node) => places.get(node)));
  const own = restored.archives.filter((archive) => archive.role === role && archive.scope === 'each');
  const left = own.filter(({ place }) => !known.has(place)).map(({ node }) => node);
  if (without.length + left.length === 0) return [];
  const what =
    without.length > 0
      ? `has no data of ${role} for ${without.join(', ')}`
      : `has data of ${role} that no node would get: that of ${left.join(', ')}`;
  const hint = `Give the cluster as many nodes as the backup is of (${String(own.length)}), or take another backup.`;
  return [obstacle(cluster, role, `The backup ${restored.id} ${what}.`, hint)];
}

function obstacle(cluster: string, role: string, message: string, hint: string): BdeError {
  return new BdeError('PREFLIGHT_FAILED', message, { subject: { cluster, role }, hint });
}
