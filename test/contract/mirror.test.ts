import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { ClusterId } from '../../src/errors/ids.js';
import { createMemoryMirror, readMemoryMirror } from '../fakes/memory-mirror.js';
import { diskStorage, heldStorage, type WorldStorage } from '../fakes/world-storage.js';
import { ask, MirrorSandbox } from './mirror-sandbox.js';
import { describeMirror, type MirrorUnderTest } from './mirror.contract.js';

const REPOS = {
  library: { packages: ['library'] },
  tool: { packages: ['tool'], requires: ['library'] },
  vendor: { packages: [], missing: ['vendor-tool'] },
};

describeMirror('in memory', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'bde-memory-mirror-'));
  return memoryMirrorIn(diskStorage(dir), () => rm(dir, { recursive: true }));
});

describeMirror('in memory of this process', () =>
  Promise.resolve(memoryMirrorIn(heldStorage(), () => Promise.resolve())),
);

function memoryMirrorIn(storage: WorldStorage, dispose: () => Promise<void>): MirrorUnderTest {
  storage.write('repos.json', REPOS);
  const mirror = createMemoryMirror({ storage });
  return {
    mirror,
    reopen: () => createMemoryMirror({ storage }),
    sees: async (clusterId, repo) => {
      const published = readMemoryMirror(storage).published[clusterId] ?? [];
      const rehearsal = repo.endsWith('-rehearsal');
      const listed = Object.keys(REPOS).includes(repo) || rehearsal;
      if (published.length === 0 || !listed) return false;
      const options = { template: 'aa'.repeat(32) as never, rehearsal: true };
      const locks = await mirror.ensureRepo(
        repo.replace('-rehearsal', ''),
        options,
        () => Promise.resolve(),
        () => undefined,
      );
      const lock = locks.find((each) => each.repo === repo);
      return lock !== undefined && published.includes(lock.snapshot);
    },
    gives: (clusterId, sum) => Promise.resolve((readMemoryMirror(storage).contents[clusterId] ?? []).includes(sum)),
    dispose,
  };
}

let keys: MirrorSandbox;

beforeAll(async () => {
  keys = await MirrorSandbox.make();
});
afterAll(async () => {
  await keys.dispose();
});

describeMirror('on this host', async ({ hasOwnKeys } = { hasOwnKeys: false }) => {
  const sandbox = await MirrorSandbox.make(hasOwnKeys ? undefined : keys);
  const mirror = sandbox.open();
  return {
    mirror,
    reopen: () => sandbox.open(),
    sees: async (clusterId: ClusterId, repo: string) => {
      const { url } = await mirror.ensureServing('127.0.0.1', () => Promise.resolve());
      const { caCertificate: ca } = await mirror.ensureTrust(() => Promise.resolve());
      return (await ask(url, `/c/${clusterId}/${repo}/repodata/repomd.xml`, { ca })).status === 200;
    },
    gives: async (clusterId: ClusterId, sum: string) => {
      const { url } = await mirror.ensureServing('127.0.0.1', () => Promise.resolve());
      const { caCertificate: ca } = await mirror.ensureTrust(() => Promise.resolve());
      const { status, body } = await ask(url, `/c/${clusterId}/_content/${sum}`, { ca });
      return status === 200 && createHash('sha256').update(body).digest('hex') === sum;
    },
    dispose: () => sandbox.dispose(),
  };
});
