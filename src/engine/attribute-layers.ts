import { cookbookLayer, roleLayers } from '../cookbook/attribute-layers.js';
import type { Cookbook } from '../cookbook/cookbook.js';
import { mergeAttributes, type MergedAttributes } from '../cookbook/merge-attributes.js';
import type { NodeView } from '../cookbook/types.js';
import type { ResolvedCluster } from '../spec/resolved-cluster.js';
import type { DistroInputs } from './pins.js';

/** Where attributes of one cluster come from. */
export interface AttributeSources {
  readonly resolved: ResolvedCluster;
  readonly distro: DistroInputs;
  readonly cookbooks: readonly Cookbook[];
}

/** The attributes of a node, with the origin of each: cookbook < distro < role < cluster < group. */
export function nodeAttributes(sources: AttributeSources, node: Pick<NodeView, 'group' | 'roles'>): MergedAttributes {
  const { resolved, distro, cookbooks } = sources;
  const group = resolved.groups.find((each) => each.name === node.group);
  const spec = `spec ${resolved.specLabel}`;
  return mergeAttributes([
    cookbookLayer(cookbooks),
    { name: 'distro', values: distro.attributes, placeOf: () => `the manifest, ${resolved.distro.name}` },
    ...roleLayers(cookbooks, node.roles),
    { name: 'cluster', values: resolved.configuration, placeOf: () => `${spec}, configuration` },
    {
      name: 'group',
      values: group?.configuration ?? {},
      placeOf: () => `${spec}, configuration of group ${node.group}`,
    },
  ]);
}
