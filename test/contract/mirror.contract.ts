import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mirror, RepoLock } from '../../src/engine/ports/mirror.js';
import { BdeError } from '../../src/errors/bde-error.js';
import type { ClusterId, Digest } from '../../src/errors/ids.js';

const C1 = '01ARZ3NDEKTSV4RRFFQ69G5FAV' as ClusterId;
const C2 = '01ARZ3NDEKTSV4RRFFQ69G5FAW' as ClusterId;
const TEMPLATE = 'aa'.repeat(32) as Digest;
const REAL = { template: TEMPLATE, rehearsal: false };
const REHEARSAL = { template: TEMPLATE, rehearsal: true };
const LOOPBACK = '127.0.0.1';

/**
 * A mirror of these repos: `library` (package library, can be built), `tool` (package tool, can be built, requires
 * library) and `vendor` (package vendor-tool, nothing here can build it, can be rehearsed).
 */
export interface MirrorUnderTest {
  readonly mirror: Mirror;
  /** The same home, opened by another. */
  readonly reopen: () => Mirror;
  /** Whether a node of that cluster gets that repo. */
  readonly sees: (clusterId: ClusterId, repo: string) => Promise<boolean>;
  /** Whether a node of that cluster gets the content of that sum. */
  readonly gives: (clusterId: ClusterId, sum: string) => Promise<boolean>;
  readonly dispose: () => Promise<void>;
}

const allowed = (): Promise<void> => Promise.resolve();
const refused = (): Promise<void> => Promise.reject(new BdeError('LEASE_LOST', 'Another controller has the lease.'));
const quiet = (): void => undefined;

/** A mirror to test; some share keys, which take long to make, unless they are to have their own. */
export type MakeMirror = (options?: { readonly hasOwnKeys: boolean }) => Promise<MirrorUnderTest>;

/** Every promise of the mirror port; the adapter and the fake pass the same suite. */
export function describeMirror(name: string, make: MakeMirror): void {
  describe(`mirror contract: ${name}`, () => {
    let mirror: Mirror;
    let reopen: () => Mirror;
    let sees: MirrorUnderTest['sees'];
    let gives: MirrorUnderTest['gives'];
    let dispose: () => Promise<void>;

    beforeEach(async () => {
      ({ mirror, reopen, sees, gives, dispose } = await make());
    });
    afterEach(async () => {
      await mirror.stop();
      await dispose();
    });

    describe('trust', () => {
      it('makes two keys with fingerprints of their own', async () => {
        const trust = await mirror.ensureTrust(allowed);

        expect(trust.gpgKey).not.toBe(trust.rehearsalGpgKey);
        expect(trust.gpgFingerprint).not.toBe(trust.rehearsalGpgFingerprint);
      });

      it('puts exported keys back, so that the trust is the same', async () => {
        const trust = await mirror.ensureTrust(allowed);
        const keys = await mirror.exportKeys(allowed);
        const other = await make();

        await other.mirror.restoreKeys(keys, { replace: false }, allowed);
        await other.mirror.restoreKeys(keys, { replace: false }, allowed);

        expect(await other.mirror.ensureTrust(allowed)).toEqual(trust);
        const [lock] = await other.mirror.ensureRepo('library', REAL, allowed, quiet);
        expect(lock?.packages.map((each) => each.name)).toEqual(['library']);
        await other.dispose();
      });

      it('keeps the keys that it has, unless they may be replaced', async () => {
        const other = await make({ hasOwnKeys: true });
        const trust = await other.mirror.ensureTrust(allowed);
        const keys = await other.mirror.exportKeys(allowed);
        const own = await mirror.ensureTrust(allowed);

        const refusal = mirror.restoreKeys(keys, { replace: false }, allowed);

        await expect(refusal).rejects.toMatchObject({ code: 'REPO_FAILED' });
        expect(await mirror.ensureTrust(allowed)).toEqual(own);
        await mirror.restoreKeys(keys, { replace: true }, allowed);
        expect(await mirror.ensureTrust(allowed)).toEqual(trust);
        await other.dispose();
      });

      it('gives the same trust to whoever asks again', async () => {
        const first = await mirror.ensureTrust(allowed);

        expect(await mirror.ensureTrust(allowed)).toEqual(first);
        expect(await reopen().ensureTrust(allowed)).toEqual(first);
      });

      it('makes one trust when several ask at once', async () => {
        const trusts = await Promise.all([1, 2, 3].map(() => reopen().ensureTrust(allowed)));

        expect(new Set(trusts.map((trust) => trust.gpgFingerprint)).size).toBe(1);
      });

      it('makes nothing for a controller that lost its lease', async () => {
        await expect(mirror.ensureTrust(refused)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      });
    });

    describe('repos', () => {
      it('locks a repo that can be built with its packages', async () => {
        const [lock, ...others] = await mirror.ensureRepo('library', REAL, allowed, quiet);

        expect(others).toEqual([]);
        expect(lock).toMatchObject({ formatVersion: 1, repo: 'library', template: TEMPLATE, rehearsal: false });
        expect(lock?.packages.map((each) => each.name)).toEqual(['library']);
        expect(lock?.packages[0]?.nevra).toMatch(/^library-[^-]+-[^-]+\.noarch$/);
        expect(lock?.sources).toEqual(['library']);
        expect(lock?.snapshot).toMatch(/^[0-9a-f]{64}$/);
      });

      it('locks a required repo before the one that requires it', async () => {
        const locks = await mirror.ensureRepo('tool', REAL, allowed, quiet);

        expect(locks.map((lock) => lock.repo)).toEqual(['library', 'tool']);
        expect(locks.at(-1)?.packages.map((each) => each.name)).toEqual(['tool']);
      });

      it('gives a required repo the lock that it has by itself', async () => {
        const [alone] = await mirror.ensureRepo('library', REAL, allowed, quiet);

        const [required] = await mirror.ensureRepo('tool', REAL, allowed, quiet);

        expect(required).toEqual(alone);
      });

      it('does nothing the second time and gives equal locks', async () => {
        const first = await mirror.ensureRepo('tool', REAL, allowed, quiet);
        const lines: string[] = [];

        const again = await reopen().ensureRepo('tool', REAL, allowed, (line) => lines.push(line));

        expect(again).toEqual(first);
        expect(lines).toEqual([]);
      });

      it('gives equal locks to several that build at once', async () => {
        const all = await Promise.all([1, 2, 3].map(() => reopen().ensureRepo('tool', REAL, allowed, quiet)));

        expect(all[1]).toEqual(all[0]);
        expect(all[2]).toEqual(all[0]);
      });

      it('names the packages that nothing can build, and both ways out', async () => {
        const error = await rejection(mirror.ensureRepo('vendor', REAL, allowed, quiet));

        expect(error.code).toBe('REPO_FAILED');
        expect(error.message).toContain('vendor-tool');
        expect(error.hint).toMatch(/RPMs.*bde repo build.*rehearse/);
      });

      it('rehearses what is missing in a repo of its own', async () => {
        const locks = await mirror.ensureRepo('vendor', REHEARSAL, allowed, quiet);

        expect(locks.map((lock) => [lock.repo, lock.rehearsal])).toEqual([['vendor-rehearsal', true]]);
        expect(locks[0]?.packages[0]?.nevra).toMatch(/^vendor-tool-[^-]+-0\.rehearsal\.noarch$/);
      });

      it('rehearses nothing of a repo that lacks nothing', async () => {
        const locks = await mirror.ensureRepo('library', REHEARSAL, allowed, quiet);

        expect(locks.map((lock) => lock.repo)).toEqual(['library']);
      });

      it('refuses a repo that it does not know', async () => {
        await expect(mirror.ensureRepo('nonsuch', REAL, allowed, quiet)).rejects.toMatchObject({ code: 'REPO_FAILED' });
      });

      it('builds nothing for a controller that lost its lease', async () => {
        await expect(mirror.ensureRepo('library', REAL, refused, quiet)).rejects.toMatchObject({ code: 'LEASE_LOST' });

        expect((await listed('library')).built).toBe(false);
      });
    });

    describe('list', () => {
      it('tells before any build what is there and what is missing', async () => {
        expect(await listed('library')).toMatchObject({ built: false, missing: [] });
        expect(await listed('vendor')).toMatchObject({ built: false, missing: ['vendor-tool'] });
      });

      it('tells after a build that it is built', async () => {
        await mirror.ensureRepo('library', REAL, allowed, quiet);

        expect(await listed('library')).toMatchObject({ built: true, packageCount: 1, missing: [] });
      });
    });

    describe('publish', () => {
      it('shows a cluster its repos and no others', async () => {
        const locks = await mirror.ensureRepo('tool', REAL, allowed, quiet);

        await mirror.publish(C1, locks, allowed);

        expect(await seen(C1)).toEqual(['library', 'tool']);
        expect(await seen(C2)).toEqual([]);
      });

      it('takes the same lock twice as one', async () => {
        const locks = await mirror.ensureRepo('tool', REAL, allowed, quiet);

        await mirror.publish(C1, [...locks, ...locks], allowed);

        expect(await seen(C1)).toEqual(['library', 'tool']);
      });

      it('shows exactly the last set', async () => {
        const [library, tool] = await mirror.ensureRepo('tool', REAL, allowed, quiet);
        await mirror.publish(C1, present([library, tool]), allowed);

        await mirror.publish(C1, present([library]), allowed);

        expect(await seen(C1)).toEqual(['library']);
      });

      it('takes a cluster away with an empty set, and again', async () => {
        const locks = await mirror.ensureRepo('library', REAL, allowed, quiet);
        await mirror.publish(C1, locks, allowed);
        await mirror.publish(C2, locks, allowed);

        await mirror.publish(C1, [], allowed);
        await mirror.publish(C1, [], allowed);

        expect(await seen(C1)).toEqual([]);
        expect(await seen(C2)).toEqual(['library']);
      });

      it('refuses a snapshot that is gone and keeps what was shown', async () => {
        const [lock] = present(await mirror.ensureRepo('library', REAL, allowed, quiet));
        await mirror.publish(C1, present([lock]), allowed);

        const lost = { ...present([lock])[0], snapshot: 'ee'.repeat(32) } as RepoLock;

        await expect(mirror.publish(C1, [lost], allowed)).rejects.toMatchObject({ code: 'REPO_FAILED' });
        expect(await seen(C1)).toEqual(['library']);
      });

      it('shows nothing for a controller that lost its lease', async () => {
        const locks = await mirror.ensureRepo('library', REAL, allowed, quiet);

        await expect(mirror.publish(C1, locks, refused)).rejects.toMatchObject({ code: 'LEASE_LOST' });

        expect(await seen(C1)).toEqual([]);
      });
    });

    describe('contents', () => {
      const one = contentOf('one');
      const other = contentOf('other');

      it('gives a cluster its contents and no others', async () => {
        await mirror.publishContents(C1, { [one.sum]: one.bytes }, allowed);

        expect([await gives(C1, one.sum), await gives(C1, other.sum), await gives(C2, one.sum)]).toEqual([
          true,
          false,
          false,
        ]);
      });

      it('keeps the contents that were there before', async () => {
        await mirror.publishContents(C1, { [one.sum]: one.bytes }, allowed);

        await reopen().publishContents(C1, { [one.sum]: one.bytes, [other.sum]: other.bytes }, allowed);

        expect([await gives(C1, one.sum), await gives(C1, other.sum)]).toEqual([true, true]);
      });

      it('keeps them while the cluster has repos, and takes them away with it', async () => {
        const locks = await mirror.ensureRepo('library', REAL, allowed, quiet);
        await mirror.publishContents(C1, { [one.sum]: one.bytes }, allowed);
        await mirror.publishContents(C2, { [one.sum]: one.bytes }, allowed);

        await mirror.publish(C1, locks, allowed);
        const meanwhile = await gives(C1, one.sum);
        await mirror.publish(C1, [], allowed);

        expect([meanwhile, await gives(C1, one.sum), await gives(C2, one.sum)]).toEqual([true, false, true]);
      });

      it('publishes none for a controller that lost its lease', async () => {
        await expect(mirror.publishContents(C1, { [one.sum]: one.bytes }, refused)).rejects.toMatchObject({
          code: 'LEASE_LOST',
        });

        expect(await gives(C1, one.sum)).toBe(false);
      });
    });

    describe('serving', () => {
      it('has no endpoint before it serves', async () => {
        expect(await mirror.status()).toBeNull();
      });

      it('gives an https address on the given host', async () => {
        const endpoint = await mirror.ensureServing(LOOPBACK, allowed);

        expect(endpoint.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
        expect(await mirror.status()).toEqual(endpoint);
      });

      it('finds the one that serves already', async () => {
        const endpoint = await mirror.ensureServing(LOOPBACK, allowed);

        expect(await mirror.ensureServing(LOOPBACK, allowed)).toEqual(endpoint);
        expect(await reopen().status()).toEqual(endpoint);
      });

      it('is gone after stop, which may be called twice', async () => {
        await mirror.ensureServing(LOOPBACK, allowed);

        await mirror.stop();
        await mirror.stop();

        expect(await mirror.status()).toBeNull();
      });

      it('serves at the same address after a stop', async () => {
        const before = await mirror.ensureServing(LOOPBACK, allowed);
        await mirror.stop();

        const after = await mirror.ensureServing(LOOPBACK, allowed);

        expect(after.url).toBe(before.url);
      });

      it('starts nothing for a controller that lost its lease', async () => {
        await expect(mirror.ensureServing(LOOPBACK, refused)).rejects.toMatchObject({ code: 'LEASE_LOST' });

        expect(await mirror.status()).toBeNull();
      });
    });

    async function listed(repo: string) {
      const listing = (await mirror.list()).find((each) => each.name === repo);
      if (listing === undefined) throw new Error(`${repo} is not listed`);
      return listing;
    }

    async function seen(clusterId: ClusterId): Promise<readonly string[]> {
      const repos = ['library', 'tool', 'vendor', 'vendor-rehearsal'];
      const visible = await Promise.all(repos.map((repo) => sees(clusterId, repo)));
      return repos.filter((_, index) => visible[index]);
    }
  });
}

function contentOf(text: string): { readonly sum: string; readonly bytes: Buffer } {
  return { sum: createHash('sha256').update(text).digest('hex'), bytes: Buffer.from(text) };
}

function present(locks: readonly (RepoLock | undefined)[]): readonly RepoLock[] {
  return locks.filter((lock) => lock !== undefined);
}

async function rejection(work: Promise<unknown>): Promise<BdeError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof BdeError) return error;
    throw error;
  }
  throw new Error('it was not rejected');
}
