import { BdeError } from '../../errors/bde-error.js';
import type { EngineDependencies } from '../context.js';
import type { ClusterRecordContent } from '../ports/cluster-records.js';
import type { ClusterRecord } from '../ports/store.js';
import { askNodes, type AskedNode } from './ask-nodes.js';
import type { FoundCluster } from './find-clusters.js';
import { readRecords, type ReadRecords } from './read-records.js';
import { compareNumbers, describeNumber, numberOf } from './record-number.js';

/** What importing a cluster comes to, before anything of it is recorded. */
export interface ImportProposal {
  readonly content: ClusterRecordContent;
  /** Nodes that hold the record. */
  readonly from: readonly string[];
  /** The highest epoch that was seen anywhere; the import's is above it. */
  readonly epoch: number;
  /** The same cluster as this home has it, behind the record. */
  readonly known: ClusterRecord | null;
  /** What cannot be restored, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the record of a cluster and looks at its nodes. Nothing is changed.
 *
 * @param given.isOlderAccepted - take a record though an operation ran on nodes after it was written
 * @throws BdeError `RECORD_UNUSABLE`, `RECORD_OUTDATED`, `CLUSTER_EXISTS`, `PREFLIGHT_FAILED`
 */
export async function proposeImport(
  found: FoundCluster,
  deps: EngineDependencies,
  given: { readonly isOlderAccepted: boolean; readonly signal: AbortSignal },
): Promise<ImportProposal> {
  const record = await readRecords(deps, found, given.signal);
  const { content } = record;
  refuseOtherHome(content, deps);
  const known = await knownCluster(content, deps);
  await refuseTakenAddresses(content, deps);
  const asked = await askNodes(deps, content, { machines: found.machines, signal: given.signal });
  const ahead = seenAfter(content, { asked, found });
  const [first] = ahead;
  if (first !== undefined && !given.isOlderAccepted) throw olderThanNodes(content, first);
  return {
    content,
    from: record.from,
    epoch: Math.max(content.cluster.epoch, known?.epoch ?? 0, ...allEpochs(asked, found)),
    known,
    notes: [...recordNotes(record), ...machineNotes(content, found), ...nodeNotes(asked), ...ahead.map(aheadNote)],
  };
}

/**
 * What machines live on is named after the key of the home that made them, and its path decides the key.
 *
 * @throws BdeError `RECORD_UNUSABLE` with the path of that home
 */
export function refuseOtherHome(
  { home, cluster }: Pick<ClusterRecordContent, 'home' | 'cluster'>,
  deps: Pick<EngineDependencies, 'home'>,
): void {
  if (home.key === deps.home.key) return;
  throw new BdeError(
    'RECORD_UNUSABLE',
    `The machines of ${cluster.name} belong to the home ${home.path}; this one is ${deps.home.path}, and their names go by the home's path.`,
    {
      subject: { cluster: cluster.name },
      hint: `Import it there, in an empty folder: BDE_HOME=${home.path} bde cluster import --cluster ${cluster.name}.`,
      data: { home: home.path },
    },
  );
}

/** The cluster as this home has it already, where the record is newer: then the home was restored from something old. */
async function knownCluster(content: ClusterRecordContent, deps: EngineDependencies): Promise<ClusterRecord | null> {
  const { cluster } = content;
  const namesake = await deps.store.clusters.byName(cluster.name);
  if (namesake !== undefined && namesake.id !== cluster.id) throw nameTaken(cluster.name);
  const known = await deps.store.clusters.byId(cluster.id);
  if (known === undefined) return null;
  if (compareNumbers(numberOf(content), numberOf({ cluster: known })) > 0) return known;
  throw new BdeError(
    'RECORD_OUTDATED',
    `This home has ${cluster.name} already, as of ${describeNumber(numberOf({ cluster: known }))}; the record on its nodes is no newer (${describeNumber(numberOf(content))}).`,
    { subject: { cluster: cluster.name }, hint: `There is nothing to import: bde cluster show ${cluster.name}.` },
  );
}

function nameTaken(name: string): BdeError {
  return new BdeError('CLUSTER_EXISTS', `This home has another cluster of the name ${name}.`, {
    subject: { cluster: name },
    hint: `Node names carry it, so it cannot be imported under another one: delete one of the two (bde cluster delete ${name}).`,
  });
}

async function refuseTakenAddresses({ cluster, nodes }: ClusterRecordContent, deps: EngineDependencies): Promise<void> {
  const others = (await deps.store.clusters.list()).filter(({ id }) => id !== cluster.id);
  for (const other of others) {
    const addresses = (await deps.store.nodes.listNodes(other.id)).map(({ address }) => address);
    const taken = nodes.find(({ address }) => addresses.includes(address));
    if (taken === undefined) continue;
    throw new BdeError(
      'PREFLIGHT_FAILED',
      `The address ${taken.address} of ${taken.name} belongs to the cluster ${other.name} of this home.`,
      {
        subject: { cluster: cluster.name, node: taken.name },
        hint: `Delete the newer cluster first: bde cluster delete ${other.name}.`,
      },
    );
  }
}

function allEpochs(asked: readonly AskedNode[], found: FoundCluster): readonly number[] {
  return [
    ...asked.flatMap((each) => ('epoch' in each ? [each.epoch] : [])),
    ...found.machines.map(({ mark }) => mark.epoch),
  ];
}

/** An epoch that was seen on a node, or in the mark of its machine. */
interface SeenEpoch {
  readonly node: string;
  readonly epoch: number;
}

/** What tells of an operation after the record: nodes that it ran on, and machines that it made, which the record may not name. */
function seenAfter(
  { cluster }: ClusterRecordContent,
  { asked, found }: { readonly asked: readonly AskedNode[]; readonly found: FoundCluster },
): readonly SeenEpoch[] {
  const onNodes = asked.flatMap((each): readonly SeenEpoch[] => ('epoch' in each ? [each] : []));
  const inMarks = found.machines.map(({ mark }): SeenEpoch => ({ node: mark.nodeName, epoch: mark.epoch }));
  const later = [...onNodes, ...inMarks].filter(({ epoch }) => epoch > cluster.epoch);
  return later.filter(({ node }, index) => later.findIndex((each) => each.node === node) === index);
}

function olderThanNodes(content: ClusterRecordContent, { node, epoch }: SeenEpoch): BdeError {
  const { name } = content.cluster;
  return new BdeError(
    'RECORD_OUTDATED',
    `The record of ${name} (${describeNumber(numberOf(content))}) is older than what ran on ${node} (epoch ${String(epoch)}): an operation after it did not come to its end, or its record is withheld.`,
    {
      subject: { cluster: name, node },
      hint:
        'Turn on all machines of the cluster and try again. Where there is no newer record, --accept-older takes this one: ' +
        'what that operation changed is not known, and the next plan shows what differs.',
      data: { record: numberOf(content), seen: epoch },
    },
  );
}

function recordNotes({ problems, behind, content }: ReadRecords): readonly string[] {
  return [
    'operations, journals and events of before: the record has none',
    ...problems.map(({ node, error }) => `the record of ${node} does not count: ${error.message}`),
    ...behind.map(
      (node) => `the record of ${node} is older than ${describeNumber(numberOf(content))} and does not count`,
    ),
  ];
}

function machineNotes({ machines, nodes }: ClusterRecordContent, found: FoundCluster): readonly string[] {
  const listed = new Map(found.machines.map((machine) => [machine.mark.machineId, machine]));
  const current = machines.filter(({ standing }) => standing === 'current');
  const recorded = new Set(machines.map(({ id }) => id));
  return [
    ...nodes
      .filter(({ name }) => !current.some(({ nodeName, id }) => nodeName === name && listed.has(id)))
      .map(({ name }) => `${name} has no machine any more; the next plan makes it anew`),
    ...current
      .filter(({ nodeName, id }) => listed.get(id)?.state === 'off' && isWantedOn(nodes, nodeName))
      .map(({ nodeName }) => `${nodeName} is off; the next plan starts it`),
    ...found.machines
      .filter(({ mark }) => !recorded.has(mark.machineId))
      .map(
        ({ mark }) =>
          `a machine of ${mark.nodeName} (${mark.machineId}) is not in the record; the next plan removes it`,
      ),
  ];
}

function isWantedOn(nodes: ClusterRecordContent['nodes'], name: string): boolean {
  return nodes.find((node) => node.name === name)?.power !== 'off';
}

function nodeNotes(asked: readonly AskedNode[]): readonly string[] {
  return asked.flatMap((each) =>
    'problem' in each
      ? [`${each.node} does not let us in, so what is applied there is as recorded: ${each.problem.message}`]
      : [],
  );
}

function aheadNote({ node, epoch }: SeenEpoch): string {
  return `what an operation did on ${node} after the record was written (epoch ${String(epoch)})`;
}
