import PQueue from 'p-queue';
import { isBdeError, type BdeError } from '../../errors/bde-error.js';
import type { MachineId, NodeName } from '../../errors/ids.js';
import type { EngineDependencies } from '../context.js';
import { NodeLinks } from '../node-links.js';
import type { ClusterRecordContent } from '../ports/cluster-records.js';
import type { MachineListing } from '../ports/provider.js';
import { SSH_KEY_SECRET } from '../secret-names.js';
import { Secret } from '../../errors/secret.js';

/** What a node of a record says now. */
export type AskedNode =
  { readonly node: NodeName; readonly epoch: number } | { readonly node: NodeName; readonly problem: BdeError };

/** How long a node may take to answer; its machine runs, and its word decides whether the record is the newest. */
const LOOK_MS = 10_000;

/** Logs in to every machine of a record that runs, by the record's own keys, and asks which epoch it has seen. */
export async function askNodes(
  deps: Pick<EngineDependencies, 'nodes' | 'sealer' | 'provider' | 'limits'>,
  content: ClusterRecordContent,
  given: { readonly machines: readonly MachineListing[]; readonly signal: AbortSignal },
): Promise<readonly AskedNode[]> {
  const running = new Set<MachineId>(
    given.machines.filter(({ state }) => state === 'on').map(({ mark }) => mark.machineId),
  );
  const asked = content.machines.filter(({ id, standing }) => standing === 'current' && running.has(id));
  const links = new NodeLinks({
    nodes: deps.nodes,
    table: {
      listNodes: () => Promise.resolve(content.nodes),
      listMachines: () => Promise.resolve(content.machines),
    },
    clusterId: content.cluster.id,
    privateKey: await sshKeyOf(deps, content),
    access: deps.provider.access,
    connectTimeoutMs: LOOK_MS,
    connectsAtOnce: deps.limits.connectsAtOnce,
  });
  const queue = new PQueue({ concurrency: deps.limits.connectsAtOnce });
  try {
    return await Promise.all(asked.map(({ nodeName }) => queue.add(() => askNode(links, nodeName, given.signal))));
  } finally {
    await links.closeAll();
  }
}

async function askNode(links: NodeLinks, node: NodeName, signal: AbortSignal): Promise<AskedNode> {
  try {
    const { epoch } = await (await links.to(node, signal)).hello();
    return { node, epoch };
  } catch (error) {
    if (!isBdeError(error)) throw error;
    return { node, problem: error };
  }
}

async function sshKeyOf(
  { sealer }: Pick<EngineDependencies, 'sealer'>,
  { secrets }: ClusterRecordContent,
): Promise<Secret> {
  const sealed = secrets[SSH_KEY_SECRET];
  return sealed === undefined ? new Secret('') : sealer.open(sealed);
}
