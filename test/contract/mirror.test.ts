import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { ClusterId } from '../../src/errors/ids.js';
import { createMemoryMirror, readMemoryMirror } from '../fakes/memory-mirror.js';
import { ask, MirrorSandbox } from './mirror-sandbox.js';
import { describeMirror } from './mirror.contract.js';

const REPOS = {
  library: { packages: ['library'] },
  tool: { packages: ['tool'], requires: ['library'] },
  vendor: { packages: [], missing: ['vendor-tool'] },
};

describeMirror('in memory', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'bde-memory-mirror-'));
  await writeFile(join(dir, 'repos.json'), JSON.stringify(REPOS));
  const mirror = createMemoryMirror({ dir });
  return {
    mirror,
    reopen: () => createMemoryMirror({ dir }),
    sees: async (clusterId, repo) => {
      const published = readMemoryMirror(dir).published[clusterId] ?? [];
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
    gives: (clusterId, sum) => Promise.resolve((readMemoryMirror(dir).contents[clusterId] ?? []).includes(sum)),
    dispose: () => rm(dir, { recursive: true }),
  };
});

let keys: MirrorSandbox;

beforeAll(async () => {
  keys = await MirrorSandbox.make();
});
afterAll(async () => {
  await keys.dispose();
});

describeMirror('on this host', async () => {
  const sandbox = await MirrorSandbox.make(keys);
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
