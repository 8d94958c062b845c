import PQueue from 'p-queue';
import { isBdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { ObservedMachine } from '../../plan/desired.js';
import type { EngineDependencies } from '../context.js';
import type { NodeLinks } from '../node-links.js';
import { observeInventory } from '../observe.js';
import { openLinks } from '../open-links.js';
import { openWorkspace } from '../open-workspace.js';
import type { NodeLink } from '../ports/nodes.js';
import type { ClusterRecord, NodeRecord } from '../ports/store.js';
import { describeResult } from '../steps/ask-probe.js';
import type { Workspace } from '../workspace.js';

/** What is the matter with a node, if anything: each of these is mended in another way. */
export type NodeHealth = 'healthy' | 'unhealthy' | 'silent' | 'off' | 'gone' | 'stopped';

/** A node as a look at it found it. */
export interface NodeLook {
  readonly node: NodeName;
  readonly health: NodeHealth;
  readonly machine: ObservedMachine['state'] | 'none';
  /** One sentence; null for a healthy node. */
  readonly why: string | null;
  /** What each of its roles with a probe answers. */
  readonly roles: readonly { readonly role: string; readonly isReady: boolean; readonly said: string | null }[];
  /** Roles whose files are not those that the pins ask for. */
  readonly behind: readonly string[];
}

/** How long a node may take to answer when it is only looked at. */
const LOOK_MS = 5_000;

/** Looks at every node of a cluster: its machine, whether it answers over ssh, and what its roles say. Changes nothing. */
export async function lookAtNodes(
  deps: EngineDependencies,
  cluster: ClusterRecord,
  signal: AbortSignal,
): Promise<readonly NodeLook[]> {
  const workspace = await openWorkspace(deps, cluster);
  const { machines } = await observeInventory(deps, cluster);
  const links = await openLinks(deps, cluster);
  const queue = new PQueue({ concurrency: deps.limits.connectsAtOnce });
  const look = new Look({ workspace, links, machines, signal });
  try {
    const nodes = workspace.records;
    return await Promise.all(nodes.map((node) => queue.add(() => look.at(node))));
  } finally {
    await links.closeAll();
  }
}

interface LookParts {
  readonly workspace: Workspace;
  readonly links: NodeLinks;
  readonly machines: readonly ObservedMachine[];
  readonly signal: AbortSignal;
}

type Found = Omit<NodeLook, 'node' | 'machine' | 'behind'>;

class Look {
  readonly #parts: LookParts;

  constructor(parts: LookParts) {
    this.#parts = parts;
  }

  async at(node: NodeRecord): Promise<NodeLook> {
    const machine = this.#parts.machines.find((each) => each.node === node.name && each.current)?.state ?? 'none';
    const found = await this.#find(node, machine);
    return { node: node.name, machine, ...found, behind: await this.#behind(node) };
  }

  async #find(node: NodeRecord, machine: NodeLook['machine']): Promise<Found> {
    if (node.power === 'off') return { health: 'stopped', why: 'it is stopped on purpose', roles: [] };
    switch (machine) {
      case 'none':
      case 'absent':
        return { health: 'gone', why: 'it has no machine', roles: [] };
      case 'partial':
        return { health: 'gone', why: 'its machine is only half made', roles: [] };
      case 'off':
        return { health: 'off', why: 'its machine is off', roles: [] };
      case 'on':
        return this.#ask(node);
    }
  }

  async #ask(node: NodeRecord): Promise<Found> {
    const { links, signal } = this.#parts;
    try {
      const link = await links.to(node.name, signal, LOOK_MS);
      await link.hello();
      return await this.#askRoles(node, link);
    } catch (error) {
      if (!isBdeError(error)) throw error;
      return { health: 'silent', why: error.message, roles: [] };
    }
  }

  async #askRoles(node: NodeRecord, link: NodeLink): Promise<Found> {
    const { workspace, signal } = this.#parts;
    const roles: NodeLook['roles'][number][] = [];
    for (const role of node.roles.filter((name) => workspace.roles.has(name))) {
      const probe = await workspace.compiler.probe(node.name, role, 'ready');
      if (probe === null) continue;
      const result = await link.command(['sh', '-c', probe.text], { timeoutMs: probe.timeoutMs, signal });
      const isReady = result.exitCode === 0;
      roles.push({
        role,
        isReady,
        said: isReady ? null : workspace.compiler.redactor(node.name)(describeResult(result)),
      });
    }
    // Where any one is enough, those that stand by have nothing to say.
    const ill = roles.find(({ role, isReady }) => !isReady && workspace.role(role).ready?.scope !== 'any');
    if (ill === undefined) return { health: 'healthy', why: null, roles };
    return { health: 'unhealthy', why: `${ill.role}: ${ill.said ?? 'it does not answer'}`, roles };
  }

  async #behind(node: NodeRecord): Promise<readonly string[]> {
    const { workspace } = this.#parts;
    if (!workspace.resolved.nodes.some(({ name }) => name === node.name)) return [];
    const behind: string[] = [];
    for (const role of node.roles.filter((name) => workspace.roles.has(name))) {
      const digest = await workspace.compiler.digest(node.name, role);
      if (node.applied[role] !== digest) behind.push(role);
    }
    return behind;
  }
}
