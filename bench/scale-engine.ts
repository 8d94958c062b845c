import { join } from 'node:path';
import { createFolderBackups } from '../src/backups/create-folder-backups.js';
import { engineLimits } from '../src/cli/engine-limits.js';
import { systemClock } from '../src/cli/system-clock.js';
import type { EngineDependencies } from '../src/engine/context.js';
import type { Store } from '../src/engine/ports/store.js';
import { createClusterRecords } from '../src/identity/create-cluster-records.js';
import { openIdentity } from '../src/identity/open-identity.js';
import { openSqliteStore } from '../src/store/open-sqlite-store.js';
import { createMemoryMirror } from '../test/fakes/memory-mirror.js';
import { createMemoryNodes } from '../test/fakes/memory-nodes.js';
import { createMemoryProvider } from '../test/fakes/memory-provider.js';
import { plainCertifier } from '../test/fakes/plain-certifier.js';
import type { WorldStorage } from '../test/fakes/world-storage.js';
import { SCALE_REPOS } from './scale-cluster.js';

/** Room for more than ten thousand nodes. */
const NETWORK = {
  name: 'memory0',
  cidr: '10.64.0.0/16',
  hostAddress: '10.64.0.1',
  range: ['10.64.0.10', '10.64.255.250'] as const,
  foreignAddresses: [],
};

/** The real store, sealer and records in a folder, over machines that are entries of a list and run nothing. */
export async function openScaleEngine(folder: string, storage: WorldStorage): Promise<EngineDependencies> {
  storage.write('repos.json', SCALE_REPOS);
  const store: Store = await openSqliteStore(join(folder, 'store.sqlite'));
  const sealer = await openIdentity({ path: join(folder, 'identity'), mayCreate: true });
  return {
    store,
    provider: createMemoryProvider({ storage, inventory: { networks: [NETWORK] } }),
    nodes: createMemoryNodes({ storage }),
    mirror: createMemoryMirror({ storage }),
    sealer,
    certifier: plainCertifier(),
    records: createClusterRecords(sealer),
    backups: createFolderBackups(sealer),
    clock: systemClock,
    faults: { reach: () => undefined },
    home: { path: folder, key: 'aaaaaaaa' },
    holder: 'host/boot/1/1',
    isGone: () => false,
    who: { user: 'bench', host: 'host' },
    onEvent: () => undefined,
    limits: engineLimits({}),
  };
}
