import type { CookbookSource } from '../../cookbook/types.js';
import type { Digest, NodeName, OperationId } from '../../errors/ids.js';
import type { Secret } from '../../errors/secret.js';
import type { ChangeKind } from '../../plan/plan.js';
import type { WantedPower } from '../../plan/desired.js';
import type { ObserveDepth } from '../observe.js';
import type { DistroInputs, PinnedSource } from '../pins.js';
import type { BackupManifest } from '../ports/backups.js';
import type { ClusterState } from '../ports/store.js';
import type { ConvergeSelection } from './selection.js';

/** Other inputs than the pinned ones, read and checked; nothing of them is looked up again. */
export interface ChangeInputs {
  readonly source: PinnedSource;
  readonly distro: DistroInputs;
  readonly cookbooks: readonly CookbookSource[];
  /** Values of secret attributes that the spec gives anew, by path. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** True where package repos may have other contents by now, and are to be locked anew. */
  readonly isPreparedAnew: boolean;
}

/** New values of secrets, by the names that their placeholders bear. */
export interface SecretChange {
  readonly set: ReadonlyMap<string, Secret>;
  /** Those whose values bde makes anew, once the change is recorded. */
  readonly rotate: readonly string[];
}

/** Which certificates are rotated: those of nodes; with them the authority that signs; or only trust in the next one is laid. */
export type Rotation = 'nodes' | 'authority' | 'trust';

/** Data of roles, taken out of a cluster or put back into it. */
export type DataOrder = BackupOrder | RestoreOrder;

/** Whose data is taken, and the folder in which the backup's own one appears. */
export interface BackupOrder {
  readonly type: 'backup';
  readonly roles: readonly string[];
  readonly folder: string;
}

/** Whose data is replaced by that of a backup, and where this is. */
export interface RestoreOrder {
  readonly type: 'restore';
  readonly roles: readonly string[];
  readonly folder: string;
  readonly manifest: BackupManifest;
}

/** A change of what is desired of a cluster. Every verb is one of these, and all of them go one way. */
export interface ChangeRequest {
  readonly kind: ChangeKind;
  /** What the cluster is to be made from; the pins as they are, or those before the last change. */
  readonly inputs: ChangeInputs | 'pinned' | 'former';
  /** Which nodes are to be on or off from now on. */
  readonly power: { readonly to: WantedPower; readonly selection: ConvergeSelection } | null;
  /** Whose services are restarted. */
  readonly restart: ConvergeSelection | null;
  readonly secrets: SecretChange;
  readonly rotate: Rotation | null;
  readonly data: DataOrder | null;
  /** Nodes whose machine is of no use any more, and why. */
  readonly replace: Readonly<Record<NodeName, string>>;
  /** Nodes that are ill and stay as they are. */
  readonly leaveAlone: readonly NodeName[];
  readonly depth: ObserveDepth;
  /** Go on though a guard says no. */
  readonly isForced: boolean;
  /** Where what it changes fails on nodes, a rollback follows by itself. */
  readonly rollsBack: boolean;
  /** What is worth telling of how the request came to be. */
  readonly remarks?: readonly string[];
  /** For the audit. */
  readonly asked: Readonly<Record<string, unknown>>;
}

/** A change of nothing: what a verb fills in. */
export const NO_CHANGE: Omit<ChangeRequest, 'kind' | 'asked'> = {
  inputs: 'pinned',
  power: null,
  restart: null,
  secrets: { set: new Map(), rotate: [] },
  rotate: null,
  data: null,
  replace: {},
  leaveAlone: [],
  depth: 'inventory',
  isForced: false,
  rollsBack: false,
};

/** What of a change an operation keeps beside pins and nodes, so that every resume goes on with it. */
export interface ChangeOrder {
  readonly asked: ChangeRequest['asked'];
  readonly restart: ChangeRequest['restart'];
  /** Names of the secrets that have other values since. */
  readonly secrets: readonly string[];
  /** Other inputs are pinned since. Absent where an older bde recorded the operation. */
  readonly isOther?: boolean;
  readonly replace: ChangeRequest['replace'];
  readonly leaveAlone?: ChangeRequest['leaveAlone'];
  /** Absent where an older bde recorded the operation. */
  readonly rotate?: ChangeRequest['rotate'];
  /** Absent where an older bde recorded the operation. */
  readonly data?: ChangeRequest['data'];
  /** Nodes that were to be off before. Absent where an older bde recorded the operation. */
  readonly roused?: readonly NodeName[];
  readonly depth: ObserveDepth;
  readonly prepare: boolean;
  readonly isForced: boolean;
  readonly rollsBack?: boolean;
  /** What it changed; absent where the pins stay as they are. */
  readonly before?: StateBefore;
  /** The operation that it takes back, where it follows one by itself. */
  readonly undoes?: OperationId;
}

/** What a cluster was before its pins changed. */
export interface StateBefore {
  readonly pins: Digest;
  readonly formerPins: Digest | null;
  readonly state: ClusterState;
}
