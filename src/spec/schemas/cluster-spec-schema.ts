import { CLUSTER_ALIASES } from '../dialect-names.js';
import { NODE_GROUP } from './node-group-schema.js';
import { anyObject, closedObject, flag, text, texts, word, type SchemaPart } from './schema-parts.js';

const CLUSTER_TYPES = ['DEFAULT', 'HDFS', 'HDFS_MAPRED', 'HDFS_HBASE', 'Hadoop', 'HBase'];

const LDAP = closedObject({
  admin_group_name: text('Group whose members may become root.'),
  user_group_name: text('Group whose members may log in.'),
  disable_local_user: { description: 'Whether local users are locked.', enum: [true, false, 'true', 'false'] },
});

const NETWORK_NAMES = texts('Names of networks.');

const PROPERTIES: Readonly<Record<string, SchemaPart>> = {
  $schema: text('For editors.'),
  apiVersion: {
    description: 'Dialect of this file. BDE files carry none, which means bde/v1.',
    enum: ['bde/v1', 'bde/v2'],
  },
  name: text("The cluster's name, where the command gives none."),
  type: word("BDE's template for clusters without groups.", CLUSTER_TYPES),
  appManager: text('What deploys the software; this program is "Default".'),
  distro: text('Name of a distro of the manifest, or NAME@VERSION.'),
  distroVendor: text('Vendor of the distro; filled in by the BDE server.'),
  distroVersion: text('Version of the distro; filled in by the BDE server.'),
  nodeGroups: {
    description: 'Groups of nodes that are alike.',
    type: 'array',
    minItems: 1,
    maxItems: 1024,
    items: { $ref: '#/$defs/nodeGroup' },
  },
  configuration: anyObject('Attributes of the whole cluster, by cookbook.'),
  externalHDFS: {
    description: 'A file system outside of the cluster.',
    type: 'string',
    pattern: '^hdfs://[^\\s/]+/?$',
    'x-allowed': 'hdfs://HOST or hdfs://HOST:PORT',
  },
  externalMapReduce: text('A job tracker outside of the cluster, HOST[:PORT].'),
  externalNamenode: text('A name node outside of the cluster.'),
  externalSecondaryNamenode: text('A secondary name node outside of the cluster.'),
  externalDatanodes: texts('Data nodes outside of the cluster.'),
  rpNames: texts('Resource pools to use.'),
  dsNames: texts('Datastores to use.'),
  networkConfig: closedObject(
    { MGT_NETWORK: NETWORK_NAMES, HDFS_NETWORK: NETWORK_NAMES, MAPRED_NETWORK: NETWORK_NAMES },
    { description: 'Networks by the traffic they carry.' },
  ),
  topologyPolicy: word('What the software is told about racks.', ['NONE', 'RACK_AS_RACK', 'HOST_AS_RACK', 'HVE']),
  templateName: text('Template of the machines.'),
  clusterCloneType: text('How machines are cloned.'),
  password: {
    description: 'Refused: a spec is copied and kept, and nodes are entered with the key of the cluster.',
    not: {},
    'x-allowed': 'no password in a spec',
    'x-hint': 'Remove the field: nodes are entered with the key of the cluster.',
  },
  localRepoURL: text('Package repo of an application manager.'),
  hostnamePrefix: text('Start of host names.'),
  infrastructure_config: closedObject({ ldap_user_management: LDAP }, { description: 'Users of the nodes.' }),
  validateConfig: flag('Whether the BDE server looks at configuration.'),
  specFile: flag('Set by the BDE server.'),
  httpProxy: text('Proxy of the nodes.'),
  noProxy: text('Hosts that are reached without the proxy.'),
  packagesExistStatus: text('Set by the BDE server.'),
  packageRepos: texts('Addresses of .repo files; filled in by the BDE server.'),
  distroMap: anyObject('Tarballs by product; filled in by the BDE server.'),
  hostToRackMap: anyObject('Rack of each host; filled in by the BDE server.'),
  vcClusters: { description: 'Clusters of hosts to use.', type: 'array' },
  sharedDatastorePattern: texts('Shared datastores, as patterns.'),
  localDatastorePattern: texts('Local datastores, as patterns.'),
  vmFolderPath: text('Folder of the machines.'),
  networkings: { description: 'Networks; filled in by the BDE server.', type: 'array' },
  deployPolicy: text('Set by the BDE server.'),
};

/** A cluster spec: BDE's two dialects and ours in one. That `nodeGroups` or `groups` is there is checked after it. */
export const clusterSpecSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bde:cluster-spec',
  title: 'Cluster spec of bde',
  ...closedObject(PROPERTIES, { aliases: CLUSTER_ALIASES }),
  $defs: { nodeGroup: NODE_GROUP },
};
