import PQueue from 'p-queue';
import { BdeError } from '../errors/bde-error.js';
import type { ClusterId, NodeName } from '../errors/ids.js';
import type { Secret } from '../errors/secret.js';
import type { NodeLink, Nodes, NodeTarget } from './ports/nodes.js';
import type { MachineAccess, MachineLogIn } from './ports/provider.js';
import type { MachineRecord, NodeRecord, NodeTable } from './ports/store.js';

/** The port that sshd listens on, and the user that recipes need. */
const SSH_PORT = 22;
const SSH_USER = 'root';

/** What links need. */
export interface NodeLinksDependencies {
  readonly nodes: Nodes;
  readonly table: Pick<NodeTable, 'listNodes' | 'listMachines'>;
  readonly clusterId: ClusterId;
  readonly privateKey: Secret;
  /** Absent: root, the usual port, and the host key that bde made. */
  readonly access?: MachineAccess | undefined;
  readonly connectTimeoutMs: number;
  /** Connections that are opened at once: each costs both ends a key exchange. */
  readonly connectsAtOnce: number;
}

/** One verified connection per node, opened when first asked for and kept until the operation ends. */
export class NodeLinks {
  readonly #deps: NodeLinksDependencies;
  readonly #open = new Map<NodeName, Promise<NodeLink>>();
  readonly #opening: PQueue;

  constructor(deps: NodeLinksDependencies) {
    this.#deps = deps;
    this.#opening = new PQueue({ concurrency: deps.connectsAtOnce });
  }

  /**
   * The link to the node's current machine.
   *
   * @throws BdeError `CONNECT_FAILED`, `LOGIN_REFUSED`, `HOST_KEY_MISMATCH`
   */
  to(node: NodeName, signal: AbortSignal, timeoutMs = this.#deps.connectTimeoutMs): Promise<NodeLink> {
    const known = this.#open.get(node);
    if (known !== undefined) return known;
    const opening = this.#opening.add(() => this.#connect(node, { signal, timeoutMs }));
    this.#open.set(node, opening);
    opening.catch(() => this.#open.delete(node));
    return opening;
  }

  /** Forgets the link of a node whose machine is replaced. */
  async drop(node: NodeName): Promise<void> {
    const link = this.#open.get(node);
    this.#open.delete(node);
    await closeQuietly(link);
  }

  async closeAll(): Promise<void> {
    const links = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(links.map(closeQuietly));
  }

  async #connect(node: NodeName, options: { signal: AbortSignal; timeoutMs: number }): Promise<NodeLink> {
    options.signal.throwIfAborted();
    const target = await findTarget(this.#deps, node);
    return this.#deps.nodes.connect(target, options);
  }
}

/**
 * Where the current machine of a node answers.
 *
 * @throws BdeError `CONNECT_FAILED` when the node has no machine, `HOST_KEY_UNKNOWN`
 */
export async function findTarget(
  deps: Pick<NodeLinksDependencies, 'table' | 'clusterId' | 'privateKey' | 'access'>,
  node: NodeName,
): Promise<NodeTarget> {
  const [nodes, machines] = await Promise.all([
    deps.table.listNodes(deps.clusterId, node),
    deps.table.listMachines(deps.clusterId, node),
  ]);
  const record = nodes.find((each) => each.name === node);
  const machine = machines.find((each) => each.nodeName === node && each.standing === 'current');
  if (record === undefined || machine === undefined) {
    throw new BdeError('CONNECT_FAILED', `The node ${node} has no machine to connect to.`, {
      subject: { node },
      hint: 'See what the cluster has with bde cluster show NAME, and finish what was begun with bde cluster resume NAME.',
    });
  }
  return { ...toTarget(record, machine, deps.privateKey), ...(await logInOf(record, deps.access)) };
}

async function logInOf({ address }: NodeRecord, access: MachineAccess | undefined): Promise<Partial<MachineLogIn>> {
  return access === undefined ? {} : access.accessTo(address);
}

/** The target of a node on a given machine, as bde makes machines. */
function toTarget(node: NodeRecord, machine: MachineRecord, privateKey: Secret): NodeTarget {
  return {
    name: node.name,
    machineId: machine.id,
    address: node.address,
    port: SSH_PORT,
    user: SSH_USER,
    hostKey: machine.hostKey,
    privateKey,
  };
}

/** A link that fails to close has nothing left to lose: its node sees the connection end in any case. */
async function closeQuietly(link: Promise<NodeLink> | undefined): Promise<void> {
  try {
    await (await link)?.close();
  } catch {
    return;
  }
}
