import { BdeError } from '../errors/bde-error.js';
import type { NodeName } from '../errors/ids.js';
import type { Role } from '../cookbook/types.js';
import type { MachineShape } from '../plan/desired.js';
import type { ResolvedCluster, ResolvedNode } from '../spec/resolved-cluster.js';
import type { ClusterCompiler } from './cluster-compiler.js';
import type { PinnedHome } from './pins.js';
import type { NodeRecord } from './ports/store.js';

/** What a workspace is made from. */
export interface WorkspaceParts {
  readonly resolved: ResolvedCluster;
  readonly home: PinnedHome;
  readonly nodes: readonly NodeRecord[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly compiler: ClusterCompiler;
  readonly recoveryAuthorizedKey: string;
}

/** A cluster's pinned inputs, parsed, beside its nodes: what steps look things up in. */
export class Workspace {
  readonly resolved: ResolvedCluster;
  readonly prepared: PinnedHome;
  readonly compiler: ClusterCompiler;
  readonly recoveryAuthorizedKey: string;
  readonly #parts: WorkspaceParts;
  readonly #records: ReadonlyMap<NodeName, NodeRecord>;
  readonly #resolved: ReadonlyMap<NodeName, ResolvedNode>;

  constructor(parts: WorkspaceParts) {
    this.resolved = parts.resolved;
    this.prepared = parts.home;
    this.compiler = parts.compiler;
    this.recoveryAuthorizedKey = parts.recoveryAuthorizedKey;
    this.#parts = parts;
    this.#records = new Map(parts.nodes.map((node) => [node.name, node]));
    this.#resolved = new Map(parts.resolved.nodes.map((node) => [node.name, node]));
  }

  /** Nodes as they are recorded, those that are leaving among them. */
  get records(): readonly NodeRecord[] {
    return this.#parts.nodes;
  }

  /** @throws BdeError `UNKNOWN_NODE` */
  nodeRecord(name: NodeName): NodeRecord {
    return found(this.#records.get(name), name);
  }

  /** @throws BdeError `UNKNOWN_NODE` */
  resolvedNode(name: NodeName): ResolvedNode {
    return found(this.#resolved.get(name), name);
  }

  /** @throws BdeError `UNKNOWN_NODE` */
  shapeOf(name: NodeName): MachineShape {
    const { group } = this.resolvedNode(name);
    return found(
      this.resolved.groups.find((each) => each.name === group),
      name,
    );
  }

  /** A role that some node bears; unknown ones were refused when the cluster was resolved. */
  role(name: string): Role {
    const role = this.#parts.roles.get(name);
    if (role === undefined) throw new TypeError(`the pinned cookbooks have no role ${name}`);
    return role;
  }

  /** Every role of the pinned cookbooks, by name. */
  get roles(): ReadonlyMap<string, Role> {
    return this.#parts.roles;
  }
}

function found<Value>(value: Value | undefined, node: string): Value {
  if (value !== undefined) return value;
  throw new BdeError('UNKNOWN_NODE', `The cluster has no node ${node}.`, {
    subject: { node },
    hint: 'See its nodes with bde cluster show NAME.',
  });
}
