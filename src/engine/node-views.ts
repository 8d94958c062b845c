import type { NodeView } from '../cookbook/types.js';
import type { NodeName } from '../errors/ids.js';
import type { MachineShape } from '../plan/desired.js';
import type { ResolvedCluster } from '../spec/resolved-cluster.js';
import { withBase } from './desired-state.js';
import type { MachineRecord, NodeRecord } from './ports/store.js';

/** The nodes of a cluster as templates see them. */
export interface ClusterViews {
  /** Those that the resolved cluster has, in its order. */
  readonly wanted: readonly NodeView[];
  /** Those that are recorded still, and go. */
  readonly leaving: readonly NodeView[];
  /** @throws TypeError for a node that is neither */
  find(name: NodeName): NodeView;
}

/** Views of wanted and leaving nodes. */
export function nodeViews(given: {
  readonly resolved: ResolvedCluster;
  readonly nodes: readonly NodeRecord[];
  readonly machines: readonly MachineRecord[];
}): ClusterViews {
  const { resolved, nodes, machines } = given;
  const records = new Map(nodes.map((node) => [node.name, node]));
  const shapes = new Map(resolved.groups.map((group) => [group.name, group]));
  const wanted = resolved.nodes.map((node) => {
    const record = records.get(node.name);
    const shape = shapes.get(node.group);
    if (record === undefined || shape === undefined)
      throw new TypeError(`the node ${node.name} has no record or group`);
    return viewOf({ ...record, roles: node.roles }, shape);
  });
  const names = new Set(wanted.map(({ name }) => name));
  const leaving = nodes
    .filter(({ name }) => !names.has(name))
    .map((node) => viewOf(node, machines.find(({ nodeName }) => nodeName === node.name)?.shape ?? NO_SHAPE));
  const views = new Map<string, NodeView>([...wanted, ...leaving].map((view) => [view.name, view]));
  return {
    wanted,
    leaving,
    find(name) {
      const view = views.get(name);
      if (view === undefined) throw new TypeError(`the cluster has no node ${name}`);
      return view;
    },
  };
}

/** Of a machine that is gone nothing is written that depends on its size. */
export const NO_SHAPE: MachineShape = { size: { cpuCount: 1, memoryMiB: 0, diskGiB: 0 }, swapMiB: 0, dataDisksGiB: [] };

function viewOf(node: NodeRecord, shape: MachineShape): NodeView {
  return {
    name: node.name,
    group: node.group,
    index: node.index,
    ordinal: node.ordinal,
    address: node.address,
    roles: withBase(node.roles),
    cpuCount: shape.size.cpuCount,
    memoryMiB: shape.size.memoryMiB,
    dataDisks: shape.dataDisksGiB.map((_, index) => `/data/${String(index)}`),
  };
}
