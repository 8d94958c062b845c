import type { Cookbook } from '../cookbook/cookbook.js';
import { wantedSecrets } from '../cookbook/generated-secrets.js';
import { findSecrets } from '../cookbook/separate-secrets.js';
import type { Attributes } from '../cookbook/types.js';
import type { ValueSchema } from '../cookbook/value-schema.js';
import type { Configured } from './take-secrets-out.js';

/** A secret attribute that has a value in a cluster. */
export interface ClusterSecret {
  /** `cluster.vault.password`, `group.web.vault.token`, `generated.vault.password`: what its placeholder bears. */
  readonly name: string;
  /** Where its value came from at first: the spec, or bde, where the spec gives none. */
  readonly origin: 'spec' | 'generated';
  /** `vault.password` */
  readonly attribute: string;
  /** The group whose configuration has it; null where it is the cluster's. */
  readonly group: string | null;
  readonly schema: ValueSchema;
}

/** Every secret attribute of a cluster, by name: those that its spec gives, and those that bde makes beside them. */
export function clusterSecrets(cluster: Configured, cookbooks: readonly Cookbook[]): readonly ClusterSecret[] {
  const { configuration, groups } = cluster;
  const given = [
    ...secretsOfLayer({ layer: 'cluster', group: null, attributes: configuration }, cookbooks),
    ...groups.flatMap(({ name, configuration: attributes }) =>
      secretsOfLayer({ layer: `group.${name}`, group: name, attributes }, cookbooks),
    ),
  ];
  const made = wantedSecrets(cookbooks, configuration).map(({ name, path, schema }): ClusterSecret => {
    return { name, origin: 'generated', attribute: path.join('.'), group: null, schema };
  });
  return [...given, ...made].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function secretsOfLayer(
  {
    layer,
    group,
    attributes,
  }: { readonly layer: string; readonly group: string | null; readonly attributes: Attributes },
  cookbooks: readonly Cookbook[],
): readonly ClusterSecret[] {
  return findSecrets(cookbooks, attributes).map(({ path, schema }) => {
    const attribute = path.join('.');
    return { name: `${layer}.${attribute}`, origin: 'spec', attribute, group, schema };
  });
}
