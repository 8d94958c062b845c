import { GROUP_ALIASES, PLACEMENT_ALIASES, STORAGE_ALIASES } from '../dialect-names.js';
import { anyObject, closedObject, ratio, text, texts, wholeNumber, word, type SchemaPart } from './schema-parts.js';

const STORAGE = closedObject(
  {
    type: word('Whether the disks are on shared or on local storage.', ['SHARED', 'LOCAL']),
    sizeGB: wholeNumber('Size of all data disks of a node together, in GiB.', 1),
    diskNum: {
      description: 'Number of equal data disks; absent or 0 means one.',
      type: 'integer',
      minimum: 0,
      maximum: 45,
      'x-allowed': 'a whole number from 0 to 45',
    },
    dsNames: texts('Datastores to use.'),
    dsNames4System: texts('Datastores for system disks.'),
    dsNames4Data: texts('Datastores for data disks.'),
    diskstoreNamePattern: texts('Datastores to use, as patterns.'),
    imagestoreNamePattern: texts('Datastores for images, as patterns.'),
    shareDatastore: { description: 'Whether two disks of a node may share a datastore.', type: 'boolean' },
    shares: word('I/O shares.', ['LOW', 'NORMAL', 'HIGH']),
    splitPolicy: word('How data is split over datastores.', ['EVEN_SPLIT', 'AGGREGATE', 'BI_SECTOR']),
    controllerType: word('Disk controller.', ['LSI_CONTROLLER', 'PARA_VIRTUAL_CONTROLLER']),
    allocType: text('Thick or thin.'),
  },
  { aliases: STORAGE_ALIASES, description: 'Data disks of each node; absent means none beside the system disk.' },
);

const PLACEMENT = closedObject(
  {
    instancePerHost: wholeNumber('Nodes of this group on each host that has any; must divide instanceNum.', 1),
    groupRacks: closedObject({
      type: word('How nodes are spread over racks.', ['ROUNDROBIN', 'SAMERACK']),
      racks: texts('Names of racks; SAMERACK takes exactly one.'),
    }),
    groupAssociations: {
      description: 'Another group whose hosts this one shares.',
      type: 'array',
      maxItems: 1,
      'x-allowed': 'a list of at most one association',
      items: closedObject(
        {
          reference: text('Name of the other group.'),
          type: word('STRICT: only its hosts. WEAK: its hosts first.', ['STRICT', 'WEAK']),
        },
        { required: ['reference'] },
      ),
    },
  },
  { aliases: PLACEMENT_ALIASES, description: 'Where the nodes of this group go.' },
);

/** One node group, in both dialects. */
export const NODE_GROUP: SchemaPart = closedObject(
  {
    name: {
      description: 'Unique in the cluster, upper and lower case aside; nodes are named cluster-group-index.',
      type: 'string',
      pattern: '^[A-Za-z0-9]{1,80}$',
      'x-allowed': 'letters and digits, 1 to 80',
    },
    roles: {
      description: 'What runs on each node of this group.',
      type: 'array',
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      items: {
        type: 'string',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$',
        'x-allowed': 'the name of a role: letters, digits, "_" and "-", 1 to 80',
      },
    },
    instanceNum: wholeNumber('Number of nodes; a group of 0 has none.', 0),
    instanceType: {
      description: 'Name of a machine size: SMALL, MEDIUM, LARGE, EXTRA_LARGE, or another that the provider has.',
      type: 'string',
      pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$',
      'x-allowed': 'the name of a size',
    },
    cpuNum: wholeNumber("CPUs of each node; goes before the size's.", 1),
    memCapacityMB: wholeNumber("Memory of each node in MiB; goes before the size's.", 4),
    swapRatio: {
      description: 'Swap as a part of memory; 0 means none. Absent: 1 in bde/v1, 0 in bde/v2.',
      type: 'number',
      minimum: 0,
      maximum: 64,
      'x-allowed': 'a number from 0 to 64',
    },
    latencySensitivity: word('Scheduling latency.', ['LOW', 'NORMAL', 'MEDIUM', 'HIGH']),
    reservedCpuRatio: ratio('Part of the CPUs that is reserved.'),
    reservedMemRatio: ratio('Part of the memory that is reserved.'),
    storage: STORAGE,
    haFlag: word('Whether the platform restarts (on) or mirrors (ft) a failed machine.', ['off', 'on', 'ft']),
    rpNames: texts('Resource pools to use.'),
    placementPolicies: PLACEMENT,
    configuration: anyObject('Attributes of this group, by cookbook; merged over those of the cluster.'),
    vcClusters: { description: 'Clusters of hosts to use.', type: 'array' },
    vmFolderPath: text('Folder of the machines.'),
  },
  { required: ['name', 'roles'], aliases: GROUP_ALIASES, description: 'Nodes that are alike.' },
);
