import type { ClusterId, Digest, MachineId, NodeName, OperationId, StepId } from '../../errors/ids.js';
import type { MachineShape, WantedPower } from '../../plan/desired.js';

/** `DELETED` is no state: the record is gone and the name free. */
export type ClusterState =
  | 'PROVISIONING'
  | 'CONVERGING'
  | 'RUNNING'
  | 'DEGRADED'
  | 'UPDATING'
  | 'STOPPING'
  | 'STOPPED'
  | 'STARTING'
  | 'DELETING'
  | 'FAILED';

/** A cluster as the store knows it. */
export interface ClusterRecord {
  readonly id: ClusterId;
  readonly name: string;
  readonly state: ClusterState;
  readonly provider: string;
  /** `vendor/flavour` or the file's name: for people. */
  readonly spec: string;
  readonly distro: string;
  readonly rehearsal: boolean;
  /** Digest of the blob that lists the pinned inputs. */
  readonly pins: Digest;
  /** The pins before the last change of them: what a rollback goes back to. */
  readonly formerPins: Digest | null;
  /** Nothing of it may be destroyed or stopped until the protection is taken away. */
  readonly isProtected: boolean;
  readonly epoch: number;
  /** Count of cluster records written under the current epoch. */
  readonly recordCount: number;
  /** The record that was left last; null before the first. */
  readonly recordLeft: RecordLeft | null;
  readonly createdAt: number;
  /** Names of sealed values that belong to the cluster live in `secrets`. */
  readonly sshPublicKey: string;
}

/** What stands in a cluster record, but for its number, and where it lies. */
export interface RecordLeft {
  /** Keyed digest of the content. */
  readonly fingerprint: string;
  readonly machines: readonly MachineId[];
}

/** A place of a cluster; owns address and ordinal. */
export interface NodeRecord {
  readonly clusterId: ClusterId;
  readonly name: NodeName;
  readonly group: string;
  readonly index: number;
  /** From 1, unique in the cluster, its own for as long as the node is there. */
  readonly ordinal: number;
  readonly roles: readonly string[];
  readonly address: string;
  readonly network: string;
  /** Input digest by step key after the last success on the current machine. */
  readonly applied: Readonly<Record<string, Digest>>;
  /** Roles with a ready probe in whose service the node has its place: since it was first ready, until it left. */
  readonly memberOf: readonly string[];
  /** What the operator wants: `stop` and `start` change it. */
  readonly power: WantedPower;
}

/** `current` fills its node; `retiring` stays until the provider no longer lists it. */
export type MachineStanding = 'current' | 'retiring';

/** One clone attempt. */
export interface MachineRecord {
  readonly id: MachineId;
  readonly clusterId: ClusterId;
  readonly nodeName: NodeName;
  readonly generation: number;
  readonly standing: MachineStanding;
  /** OpenSSH public key line; the private half left with the guest data. */
  readonly hostKey: string;
  /** What it was made with, or resized to; null where an older bde did not write it down. */
  readonly shape: MachineShape | null;
  readonly createdAt: number;
}

/** How an operation stands. `interrupted`: ended by Ctrl-C or a dead controller, can be resumed. */
export type OperationState = 'running' | 'succeeded' | 'failed' | 'interrupted';

/** One audited operation: who, when, from where, what was asked, the plan, the outcome. */
export interface OperationRecord {
  readonly id: OperationId;
  /** Null for operations of the home (prepare). */
  readonly clusterId: ClusterId | null;
  readonly clusterName: string | null;
  readonly kind: string;
  readonly state: OperationState;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly user: string;
  readonly host: string;
  /** The command's arguments, secrets out. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Digest of the plan's blob; null until planned. */
  readonly plan: Digest | null;
  /** One line on how it ended. */
  readonly outcome: string | null;
  /** `bde cluster cancel` asks its controller to stop. */
  readonly cancelAsked: boolean;
}

/** What happened in an operation, append-only; state is a fold over it. */
export type JournalEntry = JournalHead &
  (
    | {
        readonly type: 'intent';
        readonly stepId: StepId;
        readonly effect: string;
        readonly ref: Readonly<Record<string, unknown>>;
      }
    | {
        readonly type: 'result';
        readonly stepId: StepId;
        readonly effect: string;
        readonly result: Readonly<Record<string, unknown>>;
      }
    | {
        readonly type: 'step';
        readonly stepId: StepId;
        readonly state: StepState;
        readonly detail: Readonly<Record<string, unknown>>;
      }
  );

/** A step's new state, as the journal has it. */
export type StepEntry = Extract<JournalEntry, { readonly type: 'step' }>;

/** Part of every journal entry. */
export interface JournalHead {
  readonly operationId: OperationId;
  readonly epoch: number;
  readonly at: number;
}

/** Step states; `unknown` is never written: it is what `running` means once its controller died. */
export type StepState = 'pending' | 'running' | 'done' | 'unchanged' | 'failed' | 'blocked' | 'cancelled';

/** One line for people and for `events`. */
export interface EventRecord {
  /** Ascending over the whole store. */
  readonly sequence: number;
  readonly at: number;
  readonly clusterId: ClusterId | null;
  readonly operationId: OperationId | null;
  readonly kind: string;
  readonly node: string | null;
  readonly role: string | null;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A fact that a node exported; void when its generation is not the node's machine's. */
export interface FactRecord {
  readonly clusterId: ClusterId;
  readonly node: NodeName;
  readonly role: string;
  readonly name: string;
  readonly generation: number;
  /** JSON; sealed text where `secret`. */
  readonly value: unknown;
  readonly secret: boolean;
}

/** Who holds a cluster and until when (wall time). */
export interface LeaseRecord {
  readonly clusterId: ClusterId;
  readonly holder: string;
  readonly epoch: number;
  readonly expiresAt: number;
}

/** Clusters by id and by unique name. */
export interface ClusterTable {
  /** @throws BdeError `CLUSTER_EXISTS` */
  insert(cluster: ClusterRecord): Promise<void>;
  update(id: ClusterId, change: Partial<Omit<ClusterRecord, 'id' | 'name' | 'epoch'>>): Promise<void>;
  byName(name: string): Promise<ClusterRecord | undefined>;
  byId(id: ClusterId): Promise<ClusterRecord | undefined>;
  /** Ordered by name. */
  list(): Promise<readonly ClusterRecord[]>;
  /** Removes the cluster and all its nodes, machines, facts, secrets, lease; operations and events stay. */
  remove(id: ClusterId): Promise<void>;
}

/** Nodes and the machines that fill them. Lists are ordered by group, then index; machines by generation. */
export interface NodeTable {
  putNode(node: NodeRecord): Promise<void>;
  /** In the order of groups and indexes; only the one of that name, where a name is given. */
  listNodes(clusterId: ClusterId, name?: NodeName): Promise<readonly NodeRecord[]>;
  removeNode(clusterId: ClusterId, name: NodeName): Promise<void>;
  /** Addresses of all nodes of all clusters on a network: what is reserved. */
  reservedAddresses(network: string): Promise<readonly string[]>;
  putMachine(machine: MachineRecord): Promise<void>;
  /** By generation; only those of one node, where it is named. */
  listMachines(clusterId: ClusterId, node?: NodeName): Promise<readonly MachineRecord[]>;
  /** Roles in whose service a node is, by its name; nodes that are in none are left out. */
  memberships(clusterId: ClusterId): Promise<ReadonlyMap<NodeName, readonly string[]>>;
  removeMachine(id: MachineId): Promise<void>;
}

/** Operations, newest first in lists. */
export interface OperationTable {
  insert(operation: OperationRecord): Promise<void>;
  update(id: OperationId, change: Partial<Omit<OperationRecord, 'id'>>): Promise<void>;
  byId(id: OperationId): Promise<OperationRecord | undefined>;
  list(clusterId?: ClusterId): Promise<readonly OperationRecord[]>;
  /** The first of that list, for who asks often. */
  newest(clusterId: ClusterId): Promise<OperationRecord | undefined>;
  /** Entries of one call are one transaction. Refused where the cluster's epoch is higher than an entry's: `LEASE_LOST`. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** In the order of writing. */
  journal(id: OperationId): Promise<readonly JournalEntry[]>;
  /** The last so many entries of type `step` of all operations, in the order of writing. */
  recentSteps(limit: number): Promise<readonly StepEntry[]>;
}

/** Content-addressed bytes. */
export interface BlobTable {
  /** Returns the sha256 of the content; same content, one blob. */
  put(content: Buffer): Promise<Digest>;
  /** @throws BdeError `STATE_INVALID` when it is not there */
  get(digest: Digest): Promise<Buffer>;
  has(digest: Digest): Promise<boolean>;
  /** Removes every blob that is not in `keep`; returns how many. */
  removeExcept(keep: ReadonlySet<Digest>): Promise<number>;
}

/** Events, append-only. */
export interface EventTable {
  append(events: readonly Omit<EventRecord, 'sequence'>[]): Promise<void>;
  /** After that sequence, ascending, at most `limit`. */
  list(filter: {
    readonly clusterId?: ClusterId;
    readonly operationId?: OperationId;
    readonly after?: number;
    readonly limit?: number;
  }): Promise<readonly EventRecord[]>;
}

/** Facts by (cluster, node, role, name). */
export interface FactTable {
  put(fact: FactRecord): Promise<void>;
  list(clusterId: ClusterId): Promise<readonly FactRecord[]>;
  /** All of the node, or those of one role there. */
  removeOfNode(clusterId: ClusterId, node: NodeName, role?: string): Promise<void>;
}

/** Sealed values by (owner, name); the owner is a cluster id or `home`. The text is what the sealer made. */
export interface SecretTable {
  /** `setAt`: when it was given this value, where somebody will want to know. */
  put(owner: string, name: string, sealed: string, setAt?: number): Promise<void>;
  get(owner: string, name: string): Promise<string | undefined>;
  /** Names only, sorted. */
  list(owner: string): Promise<readonly string[]>;
  /** When each was given its value, by name; those of which nobody said it are left out. */
  setTimes(owner: string): Promise<ReadonlyMap<string, number>>;
  remove(owner: string, name: string): Promise<void>;
}

/** Leases; `acquire` raises the cluster's epoch in the same transaction. */
export interface LeaseTable {
  /**
   * Takes the lease where it is free, expired, or held by the same holder; returns the new epoch and whether it was
   * taken over from a holder that let it expire.
   *
   * @throws BdeError `LEASE_HELD` (holder and remaining time in `data`)
   */
  acquire(
    clusterId: ClusterId,
    holder: string,
    times: { readonly now: number; readonly ttlMs: number },
  ): Promise<{ readonly epoch: number; readonly takenOver: boolean }>;
  /** False when another holder or epoch has it. */
  renew(clusterId: ClusterId, epoch: number, times: { readonly now: number; readonly ttlMs: number }): Promise<boolean>;
  release(clusterId: ClusterId, epoch: number): Promise<void>;
  /** Ends it as if its time were over, so that whoever takes it next takes it over. */
  expire(clusterId: ClusterId): Promise<void>;
  get(clusterId: ClusterId): Promise<LeaseRecord | undefined>;
}

/** Small settings of the home: what was chosen once (subnet, port) and what is prepared. JSON values. */
export interface HomeTable {
  put(key: string, value: unknown): Promise<void>;
  get(key: string): Promise<unknown>;
  list(): Promise<Readonly<Record<string, unknown>>>;
}

/** Everything bde knows, in tables; every method is async and safe to call side by side. */
export interface StoreTables {
  readonly clusters: ClusterTable;
  readonly nodes: NodeTable;
  readonly operations: OperationTable;
  readonly blobs: BlobTable;
  readonly events: EventTable;
  readonly facts: FactTable;
  readonly secrets: SecretTable;
  readonly leases: LeaseTable;
  readonly home: HomeTable;
}

/** The store. Durable: what a resolved promise said is on disk (`synchronous=FULL`). */
export interface Store extends StoreTables {
  /** All or nothing; nested calls of `transaction` are an error. The callback uses the tables it is given, no others. */
  transaction<Result>(work: (tables: StoreTables) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
