/** A commented spec to start from; it loads as it is. */
export function initSpec(): string {
  return `// A cluster spec of bde. Comments are allowed; "bde spec validate FILE" checks it, "bde spec schema" is for editors.
{
  "apiVersion": "bde/v2",

  // The cluster's name where the command gives none: lower-case letters, digits and inner hyphens, at most 40.
  // "name": "my-cluster",

  // Which software: NAME or NAME@VERSION of "bde distro list". Without it, the only one that offers all roles below.
  "distro": "bare",

  // Groups of nodes that are alike. Nodes are named cluster-group-index: my-cluster-node-0.
  "nodeGroups": [
    {
      // Letters and digits, at most 80, unique.
      "name": "node",

      // What runs on each node; "bde distro show NAME" lists roles.
      "roles": ["basic"],

      "instanceNum": 3,

      // SMALL, MEDIUM, LARGE, EXTRA_LARGE: what they mean is the provider's ("bde provider check") or the site file's.
      "instanceType": "SMALL"

      // Or in numbers, which go before those of the size:
      // "cpuNum": 2,
      // "memCapacityMB": 2048,

      // Swap as a part of memory; absent means none.
      // "swapRatio": 0.5,

      // Data disks beside the system disk: their size together, and into how many it is split.
      // "storage": { "sizeGB": 20, "diskNum": 2 },

      // Attributes of this group, by cookbook; they go over those of the cluster.
      // "configuration": {}
    }
  ],

  // Attributes of the whole cluster, by cookbook; "bde config explain CLUSTER KEY" says where a value comes from.
  "configuration": {}
}
`;
}
