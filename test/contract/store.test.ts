import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/open-sqlite-store.js';
import { createMemoryStore } from '../fakes/memory-store.js';
import { describeStore } from './store.contract.js';

describeStore('in memory', () => Promise.resolve({ store: createMemoryStore(), dispose: () => Promise.resolve() }));

describeStore('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bde-store-'));
  return {
    store: await openSqliteStore(join(folder, 'home', 'bde.db')),
    dispose: () => rm(folder, { recursive: true }),
  };
});
