import type { ClusterId } from '../errors/ids.js';
import type { FaultPoints } from './fault-points.js';
import type { HomeServices } from './home-services.js';
import type { Journal } from './journal.js';
import type { Lease } from './lease.js';
import type { NodeLinks } from './node-links.js';
import type { Backups } from './ports/backups.js';
import type { Certifier } from './ports/certifier.js';
import type { Clock } from './ports/clock.js';
import type { ClusterRecords, HomeName } from './ports/cluster-records.js';
import type { Mirror } from './ports/mirror.js';
import type { Nodes } from './ports/nodes.js';
import type { ProviderWithAbilities } from './ports/provider.js';
import type { Sealer } from './ports/sealer.js';
import type { ClusterRecord, EventRecord, OperationRecord, Store } from './ports/store.js';
import type { Workspace } from './workspace.js';

/** Everything the engine reaches the world through. One per process. */
export interface EngineDependencies {
  readonly store: Store;
  readonly provider: ProviderWithAbilities;
  readonly nodes: Nodes;
  readonly mirror: Mirror;
  readonly sealer: Sealer;
  readonly certifier: Certifier;
  readonly records: ClusterRecords;
  readonly backups: Backups;
  readonly clock: Clock;
  readonly faults: FaultPoints;
  /** Whose machines these are. */
  readonly home: HomeName;
  /** Names this process in leases. */
  readonly holder: string;
  /** Whether the process behind a holder name is certainly gone. */
  readonly isGone: (holder: string) => boolean;
  /** For the audit. */
  readonly who: { readonly user: string; readonly host: string };
  /** Gets every event as it is stored, for live views. */
  readonly onEvent: (event: Omit<EventRecord, 'sequence'>) => void;
  readonly limits: EngineLimits;
}

/** Bounds of the engine; times in milliseconds. */
export interface EngineLimits {
  /** How long a lease lasts without renewal; its holder stops by itself at half of it. */
  readonly leaseTtlMs: number;
  /** How often a controller looks whether it is asked to stop. */
  readonly listenMs: number;
  /** Connections that are opened at once. */
  readonly connectsAtOnce: number;
  readonly machinesAtOnce: number;
  readonly convergesAtOnce: number;
  /** How long a new machine may take to answer before it is replaced. */
  readonly machineUpMs: number;
  /** How many fresh clones may follow a machine that does not come up. */
  readonly replacements: number;
  readonly runTimeoutMs: number;
  /** Pause between two polls of a probe. */
  readonly pollMs: number;
  /** Largest clock difference between controller and node that is accepted. */
  readonly clockSkewMs: number;
}

/** The two ways to stop an operation: start nothing more, or drop everything now. Both leave it resumable. */
export interface StopSignals {
  readonly stopStarting: AbortSignal;
  readonly abort: AbortSignal;
}

/** What the steps of one operation on one cluster share. Enough to take a cluster away, whatever is left of it. */
export interface ClusterContext {
  readonly deps: EngineDependencies;
  readonly cluster: ClusterRecord;
  readonly operation: OperationRecord;
  readonly lease: Lease;
  readonly journal: Journal;
  readonly links: NodeLinks;
  readonly home: HomeServices;
  /** Aborted: drop everything now. */
  readonly signal: AbortSignal;
  /** Aborted: what only waits for something gives up waiting. */
  readonly stopStarting: AbortSignal;
}

/** The same with the cluster's pinned inputs: what it takes to build. */
export interface OperationContext extends ClusterContext {
  readonly workspace: Workspace;
}

/** Stores an event and hands it on. */
export async function emitEvent(
  deps: EngineDependencies,
  event: Partial<Omit<EventRecord, 'sequence' | 'at'>> & { readonly kind: string; readonly text: string },
): Promise<void> {
  const whole = {
    at: deps.clock.now(),
    clusterId: null as ClusterId | null,
    operationId: null,
    node: null,
    role: null,
    data: {},
    ...event,
  };
  await deps.store.events.append([whole]);
  deps.onEvent(whole);
}
