declare const brand: unique symbol;
type Branded<Kind extends string> = string & { readonly [brand]: Kind };

/** A ULID; a cluster keeps it for life, its name is free again after delete. */
export type ClusterId = Branded<'ClusterId'>;
/** Lower-case letters, digits and inner hyphens, at most 40. */
export type ClusterName = Branded<'ClusterName'>;
/** `cluster-group-index`: the stable place of a cluster that a machine fills. */
export type NodeName = Branded<'NodeName'>;
/** A ULID, new for each clone attempt. */
export type MachineId = Branded<'MachineId'>;
/** A ULID, one execution of one script on one machine. */
export type RunId = Branded<'RunId'>;
/** A ULID. */
export type OperationId = Branded<'OperationId'>;
/** Stable and readable: kind, node name with generation where machines are meant, role. */
export type StepId = Branded<'StepId'>;
/** Lower-case hex sha256. */
export type Digest = Branded<'Digest'>;
