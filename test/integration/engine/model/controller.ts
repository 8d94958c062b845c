import type { EngineDependencies, EngineLimits, StopSignals } from '../../../../src/engine/context.js';
import { faultName } from '../../../../src/engine/fault-points.js';
import type { Backups } from '../../../../src/engine/ports/backups.js';
import type { Store } from '../../../../src/engine/ports/store.js';
import { createClusterRecords } from '../../../../src/identity/create-cluster-records.js';
import { fixedClock } from '../../../fakes/fixed-clock.js';
import { plainCertifier } from '../../../fakes/plain-certifier.js';
import { plainSealer } from '../../../fakes/plain-sealer.js';
import type { FleetWorld } from './fleet-world.js';
import { Life, mortal, mortalStore } from './life.js';

/** One process of bde, as far as the engine goes. */
export interface Controller {
  readonly deps: EngineDependencies;
  readonly life: Life;
  readonly stop: StopSignals;
}

/** Longer sleeps are the lease's. */
const LONGEST_POLL_MS = 60_000;

/** A lease that no polling outlasts. */
export const LEASE_MS = 1e9;

const LIMITS: EngineLimits = {
  leaseTtlMs: LEASE_MS,
  listenMs: LEASE_MS,
  connectsAtOnce: 4,
  machinesAtOnce: 2,
  convergesAtOnce: 4,
  machineUpMs: 1000,
  replacements: 1,
  runTimeoutMs: 60_000,
  pollMs: 2000,
  clockSkewMs: 30_000,
};

/** Time that passes where somebody polls. */
export function modelClock() {
  const clock = fixedClock();
  return {
    ...clock,
    async sleep(ms: number, signal?: AbortSignal): Promise<void> {
      if (ms > LONGEST_POLL_MS) return clock.sleep(ms, signal);
      clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

/** What all controllers of one world share. */
export interface Surroundings {
  readonly world: FleetWorld;
  readonly store: Store;
  readonly backups: Backups;
  readonly clock: ReturnType<typeof modelClock>;
  /** Names of controllers that are dead. */
  readonly gone: Set<string>;
}

/** Called at each fault point, counted from 0; as in `bde` itself, only the first passing of a name counts. */
export type OnPoint = (index: number, life: Life, name: string) => void;

/** A controller with fault points. */
export function startController(
  holder: string,
  { world, store, backups, clock, gone }: Surroundings,
  onPoint: OnPoint = () => undefined,
): Controller {
  const life = new Life();
  const passed = new Set<string>();
  const sealer = mortal(plainSealer(), life);
  const deps: EngineDependencies = {
    store: mortalStore(store, life),
    provider: mortal(world.provider, life),
    nodes: {
      ...world.nodes,
      readForced: (target, options) => life.pass(() => world.nodes.readForced(target, options)),
      connect: (target, options) => life.pass(async () => mortal(await world.nodes.connect(target, options), life)),
    },
    mirror: mortal(world.mirror, life),
    sealer,
    certifier: plainCertifier(),
    records: createClusterRecords(sealer),
    backups: mortal(backups, life),
    home: { path: '/home', key: 'aaaaaaaa' },
    clock: mortal(clock, life),
    faults: {
      reach(effect, moment) {
        const name = faultName(effect, moment);
        if (passed.has(name)) return;
        passed.add(name);
        onPoint(passed.size - 1, life, name);
      },
    },
    holder,
    isGone: (other) => gone.has(other),
    who: { user: 'tester', host: 'host' },
    onEvent: () => undefined,
    limits: LIMITS,
  };
  const stopStarting = new AbortController();
  const abort = new AbortController();
  return { deps, life, stop: { stopStarting: stopStarting.signal, abort: abort.signal } };
}
