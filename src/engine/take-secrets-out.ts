import type { Secret } from '../errors/secret.js';
import type { Cookbook } from '../cookbook/cookbook.js';
import { separateSecrets } from '../cookbook/separate-secrets.js';
import type { Attributes } from '../cookbook/types.js';
import type { JsonObject } from '../spec/json.js';

/** What holds attributes: a spec, or a resolved cluster. */
export interface Configured {
  readonly configuration: JsonObject;
  readonly groups: readonly { readonly name: string; readonly configuration: JsonObject }[];
}

/** A cluster that can be written down, and the values it no longer holds, by the name its placeholders bear. */
export interface ClusterWithoutSecrets<Cluster> {
  readonly cluster: Cluster;
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Replaces the value of every attribute that a cookbook declares as secret, in the cluster's layer and in each group's. */
export function takeSecretsOut<Cluster extends Configured>(
  cluster: Cluster,
  cookbooks: readonly Cookbook[],
): ClusterWithoutSecrets<Cluster> {
  const secrets = new Map<string, Secret>();
  const take = (layer: string, attributes: Attributes): Attributes => {
    const separated = separateSecrets(cookbooks, attributes, (path) => [layer, ...path].join('.'));
    for (const [name, value] of separated.secrets) secrets.set(name, value);
    return separated.attributes;
  };
  const groups = cluster.groups.map((group) => ({
    ...group,
    configuration: take(`group.${group.name}`, group.configuration),
  }));
  return { cluster: { ...cluster, groups, configuration: take('cluster', cluster.configuration) }, secrets };
}
