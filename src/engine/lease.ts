import { BdeError } from '../errors/bde-error.js';
import type { Clock } from './ports/clock.js';
import type { Guard } from './ports/guard.js';
import type { ClusterRecord, LeaseTable } from './ports/store.js';

/** Tells whether the process behind a holder name is certainly gone (same host, no such process any more). */
export type HolderIsGone = (holder: string) => boolean;

/** What a lease needs. */
export interface LeaseDependencies {
  readonly leases: LeaseTable;
  readonly clock: Clock;
  /** Names this process so that another can tell whether it lives. */
  readonly holder: string;
  readonly isGone: HolderIsGone;
  /** How long a lease lasts without renewal. A holder stops by itself at half of it. */
  readonly ttlMs: number;
  /** How often `askedToStop` is asked. */
  readonly listenMs: number;
  /** Why the work under the lease should stop; null where nobody wants that. */
  readonly askedToStop: () => Promise<Error | null>;
}

/** What is held. */
export type LeasedCluster = Pick<ClusterRecord, 'id' | 'name'>;

/** A held lease: the cluster's epoch, the guard of every mutation, and a signal for when it is lost. */
export interface Lease {
  readonly epoch: number;
  /** True when it was taken from a holder that died or let it expire: nodes must be fenced first. */
  readonly takenOver: boolean;
  readonly guard: Guard;
  /** Aborted with `LEASE_LOST` when the lease is. */
  readonly lost: AbortSignal;
  /** Aborted when somebody asks, by way of the store, that nothing more is started. */
  readonly cancelled: AbortSignal;
  /** Looks at once whether somebody asks for that, instead of within a second. Never fails. */
  listen(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lease of a cluster, keeps renewing it at a third of its time, and listens for who asks it to stop.
 *
 * @throws BdeError `LEASE_HELD` while a living controller holds it
 */
export async function acquireLease(cluster: LeasedCluster, deps: LeaseDependencies): Promise<Lease> {
  const fromDead = await dropDeadHolder(cluster, deps);
  const times = { now: deps.clock.now(), ttlMs: deps.ttlMs };
  const keeper = new LeaseKeeper(cluster, deps);
  const taken = await deps.leases.acquire(cluster.id, deps.holder, times);
  keeper.start(taken.epoch);
  return {
    epoch: taken.epoch,
    takenOver: taken.takenOver || fromDead,
    guard: () => keeper.check(),
    lost: keeper.lost,
    cancelled: keeper.cancelled,
    listen: () => keeper.listen(),
    release: () => keeper.release(),
  };
}

/** The error for a controller whose cluster is another one's. */
export function leaseLost(held: { readonly cluster: string; readonly epoch: number }, why: string): BdeError {
  const { cluster, epoch } = held;
  return new BdeError('LEASE_LOST', `The lease of the cluster ${cluster} (epoch ${String(epoch)}) is lost: ${why}.`, {
    subject: { cluster },
    hint: `See who acts on it now: bde cluster show ${cluster}.`,
  });
}

async function dropDeadHolder(cluster: LeasedCluster, deps: LeaseDependencies): Promise<boolean> {
  const lease = await deps.leases.get(cluster.id);
  if (lease === undefined || lease.holder === deps.holder || !deps.isGone(lease.holder)) return false;
  await deps.leases.release(cluster.id, lease.epoch);
  return true;
}

class LeaseKeeper {
  readonly #cluster: LeasedCluster;
  readonly #deps: LeaseDependencies;
  readonly #lost = new AbortController();
  readonly #stopped = new AbortController();
  readonly #cancelled = new AbortController();
  #epoch = 0;
  #renewedAtMs: number;

  constructor(cluster: LeasedCluster, deps: LeaseDependencies) {
    this.#cluster = cluster;
    this.#deps = deps;
    this.#renewedAtMs = deps.clock.monotonicMs();
  }

  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  start(epoch: number): void {
    this.#epoch = epoch;
    void this.#keepRenewing();
    void this.#keepListening();
  }

  /** A store that is busy is asked again at the next turn. */
  async listen(): Promise<void> {
    if (this.#cancelled.signal.aborted) return;
    const reason = await this.#deps.askedToStop().catch(() => null);
    if (reason !== null) this.#cancelled.abort(reason);
  }

  /** Monotonic time decides: a process that was frozen learns here that it slept too long. */
  check(): Promise<void> {
    this.#loseWhenLate();
    if (this.#lost.signal.aborted) return Promise.reject(this.#lost.signal.reason as Error);
    return Promise.resolve();
  }

  /** What still runs after this (a step that was left when Ctrl-C came twice) must not act any more. */
  async release(): Promise<void> {
    this.#stopped.abort();
    const wasLost = this.#lost.signal.aborted;
    this.#lose('it was given back');
    if (!wasLost) await this.#deps.leases.release(this.#cluster.id, this.#epoch);
  }

  async #keepRenewing(): Promise<void> {
    const { clock, ttlMs } = this.#deps;
    while (!this.#stopped.signal.aborted && !this.#lost.signal.aborted) {
      try {
        await clock.sleep(ttlMs / 3, this.#stopped.signal);
        await this.#renew();
      } catch {
        // The end of this loop, or a store that was busy: it is asked again at the next turn, while there is time.
        this.#loseWhenLate();
      }
    }
  }

  async #keepListening(): Promise<void> {
    const { clock, listenMs } = this.#deps;
    while (!this.#stopped.signal.aborted && !this.#lost.signal.aborted && !this.#cancelled.signal.aborted) {
      try {
        await clock.sleep(listenMs, this.#stopped.signal);
      } catch {
        // Cut short: the end of this loop.
        return;
      }
      await this.listen();
    }
  }

  async #renew(): Promise<void> {
    const startedAtMs = this.#deps.clock.monotonicMs();
    const times = { now: this.#deps.clock.now(), ttlMs: this.#deps.ttlMs };
    const kept = await this.#deps.leases.renew(this.#cluster.id, this.#epoch, times);
    if (kept) this.#renewedAtMs = startedAtMs;
    else this.#lose('another controller took it');
  }

  #loseWhenLate(): void {
    const ageMs = this.#deps.clock.monotonicMs() - this.#renewedAtMs;
    if (ageMs > this.#deps.ttlMs / 2) this.#lose(`it was last renewed ${String(Math.round(ageMs / 1000))} s ago`);
  }

  #lose(why: string): void {
    if (this.#lost.signal.aborted) return;
    this.#lost.abort(leaseLost({ cluster: this.#cluster.name, epoch: this.#epoch }, why));
  }
}
