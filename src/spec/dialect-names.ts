/**
 * BDE's two dialects of one document: for each object, the user's name of a field (which is ours too) and the names that
 * the internal manifest and the server's templates have for it.
 */
export const CLUSTER_ALIASES = {
  nodeGroups: ['groups'],
  configuration: ['cluster_configuration'],
  templateName: ['template_name'],
  topologyPolicy: ['rack_topology_policy'],
  hostToRackMap: ['rack_topology'],
  distroVendor: ['distro_vendor'],
  distroVersion: ['distro_version'],
  packageRepos: ['distro_package_repos'],
  distroMap: ['distro_map'],
  vcClusters: ['vc_clusters'],
  sharedDatastorePattern: ['vc_shared_datastore_pattern'],
  localDatastorePattern: ['vc_local_datastore_pattern'],
  vmFolderPath: ['vm_folder_path'],
  httpProxy: ['http_proxy'],
  noProxy: ['no_proxy'],
  deployPolicy: ['deploy_policy'],
} as const satisfies AliasTable;

export const GROUP_ALIASES = {
  instanceNum: ['instance_num'],
  cpuNum: ['cpu'],
  memCapacityMB: ['memory'],
  haFlag: ['ha'],
  swapRatio: ['swap_ratio'],
  instanceType: ['instance_type'],
  placementPolicies: ['placement_policies'],
  configuration: ['cluster_configuration'],
  vcClusters: ['vc_clusters'],
  vmFolderPath: ['vm_folder_path'],
} as const satisfies AliasTable;

export const PLACEMENT_ALIASES = {
  instancePerHost: ['instance_per_host'],
  groupRacks: ['group_racks'],
  groupAssociations: ['group_associations'],
} as const satisfies AliasTable;

export const STORAGE_ALIASES = { sizeGB: ['size'] } as const satisfies AliasTable;

/** Other names of a field by its own name. */
export type AliasTable = Readonly<Record<string, readonly string[]>>;

/** The field's own name for any of its names; unknown names are returned as they are. */
export function canonicalName(name: string, aliases: AliasTable): string {
  return Object.keys(aliases).find((canonical) => aliases[canonical]?.includes(name)) ?? name;
}

/** Every name of a field, its own first. */
export function allNames(name: string, aliases: AliasTable): readonly string[] {
  return [name, ...(Object.hasOwn(aliases, name) ? (aliases[name] ?? []) : [])];
}
