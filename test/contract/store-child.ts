import { openSqliteStore } from '../../src/store/open-sqlite-store.js';
import type { Store } from '../../src/engine/ports/store.js';
import { isBdeError } from '../../src/errors/bde-error.js';
import type { ClusterId } from '../../src/errors/ids.js';
import { aCluster, anOperation, aStepEntry } from './store-records.js';

/**
 * A process of its own that works on a store: `store-child FILE VERB ARGUMENT`. It says what it did, one line each, only
 * after the store said so.
 */
const VERBS: Readonly<Record<string, (store: Store, argument: string) => Promise<void>>> = {
  /** Writes journal entries without end; says the count after each. */
  async journal(store) {
    await store.operations.insert(anOperation({ clusterId: null }));
    for (let count = 1; ; count++) {
      await store.operations.append([aStepEntry()]);
      say(String(count));
    }
  },

  /** Opens a transaction, writes, and never ends it. */
  async hang(store) {
    await store.transaction(async (tables) => {
      await tables.home.put('half', 'done');
      say('inside');
      await new Promise(() => setInterval(() => undefined, 1_000));
    });
  },

  /** Inserts a cluster of a name that others want too. */
  async insert(store, id) {
    await store.clusters.insert(aCluster({ id: id as ClusterId })).then(() => say('won'), sayCode);
  },

  /** Takes a lease that others want too. */
  async lease(store, holder) {
    const times = { now: 1_000, ttlMs: 60_000 };
    await store.leases.acquire('C1' as ClusterId, holder, times).then(({ epoch }) => say(`won ${epoch}`), sayCode);
  },

  /** Adds one to a counter, many times, reading it in the transaction that writes it. */
  async count(store, times) {
    for (let i = 0; i < Number(times); i++) {
      await store.transaction(async (tables) => {
        await tables.home.put('counter', Number(await tables.home.get('counter')) + 1);
      });
    }
    say('done');
  },
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sayCode(error: unknown): void {
  say(isBdeError(error) ? error.code : String(error));
}

const [file = '', verb = '', argument = ''] = process.argv.slice(2);
const store = await openSqliteStore(file);
say('open');
await VERBS[verb]?.(store, argument);
await store.close();
