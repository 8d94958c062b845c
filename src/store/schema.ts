import type { Generated, Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type {
  ClusterRecord,
  ClusterState,
  JournalEntry,
  MachineRecord,
  MachineStanding,
  NodeRecord,
  OperationState,
} from '../engine/ports/store.js';
import type { ClusterId, Digest, MachineId, NodeName, OperationId, StepId } from '../errors/ids.js';
import type { Json } from './json-column.js';

/** SQLite has no boolean. */
type Flag = 0 | 1;
type JsonObject = Json<Readonly<Record<string, unknown>>>;

interface ClustersTable {
  id: ClusterId;
  name: string;
  state: ClusterState;
  provider: string;
  spec: string;
  distro: string;
  rehearsal: Flag;
  pins: Digest;
  former_pins: Digest | null;
  protected: Flag;
  epoch: number;
  record_count: number;
  record_left_json: Json<ClusterRecord['recordLeft']>;
  created_at: number;
  ssh_public_key: string;
}

interface NodesTable {
  cluster_id: ClusterId;
  name: NodeName;
  group_name: string;
  group_index: number;
  ordinal: number;
  roles_json: Json<readonly string[]>;
  address: string;
  network: string;
  applied_json: Json<Readonly<Record<string, Digest>>>;
  member_of_json: Json<readonly string[]>;
  power: NodeRecord['power'];
}

interface MachinesTable {
  id: MachineId;
  cluster_id: ClusterId;
  node_name: NodeName;
  generation: number;
  standing: MachineStanding;
  host_key: string;
  shape_json: Json<MachineRecord['shape']>;
  created_at: number;
}

interface OperationsTable {
  id: OperationId;
  cluster_id: ClusterId | null;
  cluster_name: string | null;
  kind: string;
  state: OperationState;
  started_at: number;
  ended_at: number | null;
  user_name: string;
  host: string;
  request_json: JsonObject;
  plan: Digest | null;
  outcome: string | null;
  cancel_asked: Flag;
}

interface JournalTable {
  sequence: Generated<number>;
  operation_id: OperationId;
  epoch: number;
  at: number;
  type: JournalEntry['type'];
  step_id: StepId;
  /** The effect of an intent or a result, the state of a step. */
  subject: string;
  body_json: JsonObject;
}

interface BlobsTable {
  digest: Digest;
  content: Buffer;
}

interface EventsTable {
  sequence: Generated<number>;
  at: number;
  cluster_id: ClusterId | null;
  operation_id: OperationId | null;
  kind: string;
  node: string | null;
  role: string | null;
  text: string;
  data_json: JsonObject;
}

interface FactsTable {
  cluster_id: ClusterId;
  node: NodeName;
  role: string;
  name: string;
  generation: number;
  value_json: Json<unknown>;
  secret: Flag;
}

interface SecretsTable {
  owner: string;
  name: string;
  sealed: string;
  set_at: number | null;
}

interface LeasesTable {
  cluster_id: ClusterId;
  holder: string;
  epoch: number;
  expires_at: number;
}

interface HomeSettingsTable {
  key: string;
  value_json: Json<unknown>;
}

/** The tables of `migrations/`, as kysely sees them. */
export interface StoreSchema {
  clusters: ClustersTable;
  nodes: NodesTable;
  machines: MachinesTable;
  operations: OperationsTable;
  journal: JournalTable;
  blobs: BlobsTable;
  events: EventsTable;
  facts: FactsTable;
  secrets: SecretsTable;
  leases: LeasesTable;
  home: HomeSettingsTable;
}

/** A database or a transaction of it. */
export type StoreDatabase = Kysely<StoreSchema>;
export type Row<Table extends keyof StoreSchema> = Selectable<StoreSchema[Table]>;
export type NewRow<Table extends keyof StoreSchema> = Insertable<StoreSchema[Table]>;
export type RowChange<Table extends keyof StoreSchema> = Updateable<StoreSchema[Table]>;
