import { BdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import { assignAddresses } from '../../plan/assign-addresses.js';
import type { ResolvedCluster } from '../../spec/resolved-cluster.js';
import type { EngineDependencies } from '../context.js';
import { parseCookbooks } from '../parse-cookbooks.js';
import { readPinnedContent, type PinnedContent } from '../pins.js';
import type { ClusterRecord, NodeRecord } from '../ports/store.js';
import { resolveSource } from '../resolve-source.js';
import type { ChangeInputs, ChangeRequest } from './change-request.js';
import { newNode } from './new-node.js';
import { proposeSecrets, type ProposedSecrets } from './propose-secrets.js';
import { matchesSelection } from './selection.js';

/** What a change makes of a cluster's inputs and nodes, before anything of it is recorded. */
export interface Proposal extends ProposedSecrets {
  readonly content: PinnedContent;
  /** Every node from now on, those that leave among them, ordered by group, then index. */
  readonly nodes: readonly NodeRecord[];
  /** The pins change: another way to write the same spec changes none. */
  readonly isOther: boolean;
  /** What all clusters of a home share has to be looked after first: packages are known after that. */
  readonly isPreparedAnew: boolean;
  /** Packages come from other repos than they do now. */
  readonly hasOtherRepos: boolean;
  /** Nodes that were to be off and are to run again. */
  readonly roused: readonly NodeName[];
  /** Some node is to be on or off that was not to be so. */
  readonly isOtherPower: boolean;
}

/**
 * Works out what a change comes to. New nodes get addresses and ordinals; those of known nodes are kept, also where their
 * group is gone. Nothing is recorded.
 *
 * @throws BdeError `PREFLIGHT_FAILED`, `STATE_INVALID`, `UNKNOWN_SECRET`, those of resolving
 */
export async function proposeChange(
  request: ChangeRequest,
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<Proposal> {
  const { blobs, nodes: table } = deps.store;
  const current = await readPinnedContent(blobs, cluster.pins);
  const records = await table.listNodes(cluster.id);
  const content = await contentOf(request, { cluster, current, records, deps });
  const merged = await mergeNodes(content.resolved, { cluster, records, deps });
  const nodes = merged.map((node) => withPower(node, request));
  const { inputs } = request;
  return {
    content,
    nodes: sortNodes(nodes),
    ...(await proposeSecrets(request, content, { cluster, deps })),
    isOther: inputs !== 'pinned' && !sameInputs(content, current),
    isPreparedAnew: isNew(inputs) && (inputs.isPreparedAnew || !sameRepos(content, current)),
    hasOtherRepos: !sameRepos(content, current),
    ...powerOf(nodes, records),
  };
}

function isNew(inputs: ChangeRequest['inputs']): inputs is ChangeInputs {
  return typeof inputs === 'object';
}

interface ProposeParts {
  readonly cluster: ClusterRecord;
  readonly current: PinnedContent;
  readonly records: readonly NodeRecord[];
  readonly deps: EngineDependencies;
}

async function contentOf(request: ChangeRequest, parts: ProposeParts): Promise<PinnedContent> {
  const { inputs } = request;
  const { cluster, current, records, deps } = parts;
  if (inputs === 'pinned') return current;
  if (inputs === 'former') return formerContent(cluster, deps);
  const { roles } = parseCookbooks(inputs.cookbooks);
  const ordinals = new Map(records.map(({ name, ordinal }) => [name, ordinal]));
  const resolved = resolveSource(inputs.source, { name: cluster.name, roles, ordinals });
  const { source, distro, cookbooks } = inputs;
  return { resolved, source, distro, cookbooks, home: current.home };
}

async function formerContent(cluster: ClusterRecord, deps: EngineDependencies): Promise<PinnedContent> {
  if (cluster.formerPins !== null) return readPinnedContent(deps.store.blobs, cluster.formerPins);
  throw new BdeError(
    'PREFLIGHT_FAILED',
    `The cluster ${cluster.name} was never changed: there is nothing to go back to.`,
    {
      subject: { cluster: cluster.name },
      hint: `See what was done to it with bde operation list ${cluster.name}.`,
    },
  );
}

async function mergeNodes(
  resolved: ResolvedCluster,
  { cluster, records, deps }: Omit<ProposeParts, 'current'>,
): Promise<readonly NodeRecord[]> {
  const known = new Map(records.map((node) => [node.name, node]));
  const added = resolved.nodes.filter(({ name }) => !known.has(name));
  const places = await placesFor({ nodes: added, groups: resolved.groups }, { cluster, records, deps });
  const wanted = resolved.nodes.map((node): NodeRecord => {
    const record = known.get(node.name);
    const place = places.get(node.name);
    if (record !== undefined) return { ...record, roles: node.roles };
    if (place === undefined) throw new TypeError(`the new node ${node.name} got no address`);
    return newNode(node, { clusterId: cluster.id, ...place });
  });
  const names = new Set(wanted.map(({ name }) => name));
  return [...wanted, ...records.filter(({ name }) => !names.has(name))];
}

async function placesFor(
  added: Pick<ResolvedCluster, 'nodes' | 'groups'>,
  { records, deps }: Omit<ProposeParts, 'current'>,
): Promise<ReadonlyMap<NodeName, Pick<NodeRecord, 'address' | 'network'>>> {
  if (added.nodes.length === 0) return new Map();
  const { networks, hosts } = await deps.provider.provider.inventory();
  const network = networks.find(({ name }) => name === records[0]?.network) ?? networks[0];
  if (network === undefined) throw new BdeError('PREFLIGHT_FAILED', 'The provider has no network for the nodes.');
  const reserved = await deps.store.nodes.reservedAddresses(network.name);
  const pool = { network: network.name, range: network.range, reserved, foreign: network.foreignAddresses };
  const memoryIsReserved = deps.provider.provider.describe().memory === 'reserved';
  const addresses = assignAddresses(added, { pool, hosts, memoryIsReserved });
  return new Map([...addresses].map(([name, address]) => [name, { address, network: network.name }]));
}

function withPower(node: NodeRecord, { power }: ChangeRequest): NodeRecord {
  return power !== null && matchesSelection(power.selection, node) ? { ...node, power: power.to } : node;
}

function powerOf(
  nodes: readonly NodeRecord[],
  records: readonly NodeRecord[],
): Pick<Proposal, 'roused' | 'isOtherPower'> {
  const before = new Map(records.map(({ name, power }) => [name, power]));
  const changed = nodes.filter(({ name, power }) => (before.get(name) ?? power) !== power);
  const roused = changed.filter(({ power }) => power === 'on').map(({ name }) => name);
  return { roused, isOtherPower: changed.length > 0 };
}

/** Whether they come to the same cluster. An older bde kept no source: to have one is worth a change. */
function sameInputs(one: PinnedContent, other: PinnedContent): boolean {
  const [first, second] = [one, other].map(({ resolved, source, distro, cookbooks }) =>
    JSON.stringify([{ ...resolved, specLabel: null }, source === null, distro, cookbooks]),
  );
  return first === second;
}

function sameRepos(one: PinnedContent, other: PinnedContent): boolean {
  return JSON.stringify(one.distro.repos) === JSON.stringify(other.distro.repos);
}

function sortNodes(nodes: readonly NodeRecord[]): readonly NodeRecord[] {
  return [...nodes].sort((one, other) =>
    one.group === other.group ? one.index - other.index : one.group < other.group ? -1 : 1,
  );
}

/** Names of all secrets that have another value after a change. */
export function changedSecrets({ secrets, unmade }: ProposedSecrets): readonly string[] {
  return [...secrets.keys(), ...unmade.map(({ name }) => name)].toSorted();
}

/** Whether other inputs, or locks of other packages, are pinned after a change: the cluster record has to say so. */
export function hasOtherPins({ isOther, isPreparedAnew }: Proposal): boolean {
  return isOther || isPreparedAnew;
}
