import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineDependencies, EngineLimits, StopSignals } from '../../../src/engine/context.js';
import type { FaultPoints } from '../../../src/engine/fault-points.js';
import { foldJournal } from '../../../src/engine/journal.js';
import type { ClusterRecord, EventRecord, OperationRecord } from '../../../src/engine/ports/store.js';
import { fixedClock } from '../../fakes/fixed-clock.js';
import { createMemoryBackups } from '../../fakes/memory-backups.js';
import { createMemoryMirror } from '../../fakes/memory-mirror.js';
import { createMemoryNodes, readRunLog, type OutcomesFile } from '../../fakes/memory-nodes.js';
import { createMemoryProvider, readMemoryWorld } from '../../fakes/memory-provider.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { plainCertifier } from '../../fakes/plain-certifier.js';
import { plainSealer } from '../../fakes/plain-sealer.js';

/** The engine in this process, over a world of files and a store of maps; time passes only where the engine polls. */
export interface TestEngine {
  readonly dir: string;
  readonly deps: EngineDependencies;
  readonly stop: StopSignals & { readonly first: AbortController; readonly second: AbortController };
  /** What the fake nodes answer from now on. */
  script(outcomes: OutcomesFile): void;
  cluster(): Promise<ClusterRecord>;
  /** Newest first. */
  operations(): Promise<readonly OperationRecord[]>;
  /** State by step of the newest operation of the cluster. */
  steps(): Promise<Readonly<Record<string, string>>>;
  events(kind: string): readonly Omit<EventRecord, 'sequence'>[];
  /** Every run on every machine that is there, by node, then in order: `demo-a-0 apply basic`. */
  runs(): readonly string[];
  remove(): void;
}

/** Longer sleeps are the lease's, and end with it. */
const LONGEST_POLL_MS = 60_000;

const LIMITS: EngineLimits = {
  leaseTtlMs: 1e9,
  // Before each step it listens in any case.
  listenMs: 1e9,
  connectsAtOnce: 4,
  machinesAtOnce: 2,
  convergesAtOnce: 4,
  machineUpMs: 1000,
  replacements: 2,
  runTimeoutMs: 60_000,
  pollMs: 1000,
  clockSkewMs: 30_000,
};

/** A fresh engine; `over` replaces parts of it. */
export function testEngine(over: Partial<EngineDependencies> = {}): TestEngine {
  const dir = mkdtempSync(join(tmpdir(), 'bde-engine-'));
  const events: Omit<EventRecord, 'sequence'>[] = [];
  const first = new AbortController();
  const second = new AbortController();
  const deps: EngineDependencies = {
    store: createMemoryStore(),
    provider: createMemoryProvider({ dir }),
    nodes: createMemoryNodes({ dir }),
    mirror: createMemoryMirror({ dir }),
    sealer: plainSealer(),
    certifier: plainCertifier(),
    records: {
      seal: (content) => Promise.resolve(Buffer.from(`record of ${content.cluster.name}`)),
      fingerprint: ({ cluster, nodes, secrets }) => JSON.stringify([cluster.pins, cluster.isProtected, nodes, secrets]),
      open: () => Promise.reject(new Error('no test opens a record')),
      installCommand: ({ epoch, count }) => ['install-record', String(epoch), String(count)],
      printCommand: () => ['print-record'],
    },
    backups: createMemoryBackups(),
    clock: pollingClock(),
    faults: NO_FAULTS,
    home: { path: '/home', key: 'aaaaaaaa' },
    holder: 'host/boot/1/1',
    isGone: () => false,
    who: { user: 'tester', host: 'host' },
    onEvent: (event) => events.push(event),
    limits: LIMITS,
    ...over,
  };
  const cluster = async (): Promise<ClusterRecord> => {
    const [found] = await deps.store.clusters.list();
    if (found === undefined) throw new Error('there is no cluster');
    return found;
  };
  return {
    dir,
    deps,
    stop: { stopStarting: first.signal, abort: second.signal, first, second },
    script: (outcomes) => writeFileSync(join(dir, 'outcomes.json'), JSON.stringify(outcomes)),
    cluster,
    operations: () => deps.store.operations.list(),
    async steps() {
      const [operation] = (await deps.store.operations.list()).filter(({ clusterId }) => clusterId !== null);
      if (operation === undefined) return {};
      const histories = foldJournal(await deps.store.operations.journal(operation.id));
      return Object.fromEntries([...histories].map(([id, { state }]) => [id, state]));
    },
    events: (kind) => events.filter((event) => event.kind === kind),
    runs: () =>
      Object.values(readMemoryWorld(dir).machines)
        .map(({ mark }) => mark)
        .sort((one, other) => (one.nodeName < other.nodeName ? -1 : 1))
        .flatMap(({ nodeName, machineId }) =>
          readRunLog(dir, machineId).map((line) => `${nodeName} ${line.split(' ').slice(0, 2).join(' ')}`),
        ),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

const NO_FAULTS: FaultPoints = { reach: () => undefined };

function pollingClock(): EngineDependencies['clock'] {
  const clock = fixedClock();
  return {
    ...clock,
    async sleep(ms, signal) {
      if (ms > LONGEST_POLL_MS) return clock.sleep(ms, signal);
      clock.advance(ms);
      // Lets others have their turn, as a real pause does.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
