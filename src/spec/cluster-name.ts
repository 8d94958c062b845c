import { BdeError } from '../errors/bde-error.js';
import type { ClusterName, NodeName } from '../errors/ids.js';
import { quoteText } from './document/quote-source.js';

/** Longest name of a cluster: group and index must still fit into a host name. */
export const MAX_CLUSTER_NAME = 40;

const SPEC_FILE = /\.(?:jsonc?|ya?ml)$/i;

/** Longest label of a host name (RFC 1035). */
export const MAX_NODE_NAME = 63;

/**
 * A text as the name of a cluster.
 *
 * @throws BdeError `USAGE` for anything but lower-case letters, digits and inner hyphens, at most 40
 */
export function parseClusterName(text: string): ClusterName {
  if (text.length <= MAX_CLUSTER_NAME && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text)) return text as ClusterName;
  throw new BdeError(
    'USAGE',
    `${quoteText(text)} is no name for a cluster; allowed are lower-case letters, digits and inner hyphens, 1 to ${MAX_CLUSTER_NAME}`,
    { hint: nameHint(text) },
  );
}

/** The name of a cluster that nobody named: of `acme/basic` it is `acme-basic`, of the file `x/My_Cluster.json` `my-cluster`. */
export function clusterNameAfter(spec: string): ClusterName {
  const isFile = SPEC_FILE.test(spec);
  const label = isFile ? spec.replace(/^.*\//s, '').replace(SPEC_FILE, '') : spec;
  return (toName(label) || 'cluster') as ClusterName;
}

/** `cluster-group-index`, in lower case as host names are. */
export function nodeNameOf(cluster: ClusterName, group: string, index: number): NodeName {
  return `${cluster}-${group.toLowerCase()}-${index}` as NodeName;
}

function nameHint(text: string): string | undefined {
  const name = toName(text);
  return name === '' ? undefined : `Use a name like "${name}".`;
}

function toName(text: string): string {
  const name = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return name.replace(/^-+/, '').slice(0, MAX_CLUSTER_NAME).replace(/-+$/, '');
}
