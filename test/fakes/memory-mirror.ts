import type { Guard } from '../../src/engine/ports/guard.js';
import { createHash } from 'node:crypto';
import { BdeError } from '../../src/errors/bde-error.js';
import type { Digest } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { Mirror, MirrorTrust, RepoLock } from '../../src/engine/ports/mirror.js';
import { openStorage, storageOf, type WorldPlace, type WorldStorage } from './world-storage.js';

/** What a test may say of a repo, in `dir/repos.json`, by repo name. */
export interface MemoryRepo {
  readonly packages: readonly string[];
  /** Those that nothing here can build: only a rehearsal has them. */
  readonly missing?: readonly string[];
  /** Repos whose packages these need. */
  readonly requires?: readonly string[];
}

/** What the mirror remembers, in `dir/mirror.json`. */
export interface MemoryMirrorState {
  readonly trust: MirrorTrust | null;
  readonly built: readonly string[];
  readonly snapshots: readonly string[];
  readonly published: Readonly<Record<string, readonly string[]>>;
  /** Sums of contents, by cluster. */
  readonly contents: Readonly<Record<string, readonly string[]>>;
  readonly serving: string | null;
}

const EMPTY: MemoryMirrorState = { trust: null, built: [], snapshots: [], published: {}, contents: {}, serving: null };

/** What a controller left in the folder. */
export function readMemoryMirror(world: string | WorldStorage): MemoryMirrorState {
  return openStorage(world).read('mirror.json', EMPTY);
}

/** A mirror without packages: its state is a file, so it outlives the SIGKILL of a controller. */
export function createMemoryMirror(place: WorldPlace & { readonly folders?: readonly string[] }): Mirror {
  const { folders = ['/shipped/repos'] } = place;
  const storage = storageOf(place);
  const read = (): MemoryMirrorState => readMemoryMirror(storage);
  const change = (edit: (state: MemoryMirrorState) => Partial<MemoryMirrorState>): Promise<void> =>
    changeState(storage, edit);
  /** One trust, however many ask at once. */
  const makeTrust = async (guard: Guard): Promise<MirrorTrust> => {
    await guard();
    let trust = newTrust();
    await change(({ trust: known }) => {
      trust = known ?? trust;
      return { trust };
    });
    return trust;
  };
  return {
    folders,

    async ensureTrust(guard) {
      const known = read().trust;
      return known ?? makeTrust(guard);
    },

    async exportKeys(guard) {
      const known = read().trust;
      return new Secret(JSON.stringify(known ?? (await makeTrust(guard))));
    },

    async restoreKeys(keys, { replace }, guard) {
      const trust = JSON.parse(keys.reveal()) as MirrorTrust;
      const known = read().trust;
      if (known !== null && known.gpgFingerprint === trust.gpgFingerprint) return;
      if (known !== null && !replace) throw new BdeError('REPO_FAILED', 'The mirror has other keys already.');
      await guard();
      await change(() => ({ ...EMPTY, trust }));
    },

    async ensureRepo(name, options, guard, onProgress) {
      const locks: RepoLock[] = [];
      for (const each of withRequired(storage, name)) {
        const own = lockRepo(each, findRepo(storage, each), options);
        if (!read().built.includes(each)) {
          await guard();
          onProgress(`built ${each}`);
          await change(({ built, snapshots }) => ({
            built: [...new Set([...built, each])].sort(),
            snapshots: [...new Set([...snapshots, ...own.map((lock) => lock.snapshot)])],
          }));
        }
        locks.push(...own);
      }
      return locks;
    },

    list: () =>
      Promise.resolve(
        Object.entries(readRepos(storage)).map(([name, repo]) => ({
          name,
          summary: name,
          built: read().built.includes(name),
          packageCount: repo.packages.length,
          missing: repo.missing ?? [],
        })),
      ),

    async publish(clusterId, locks, guard) {
      await guard();
      const lost = locks.find((lock) => !read().snapshots.includes(lock.snapshot));
      if (lost !== undefined) throw gone(lost);
      const snapshots = [...new Set(locks.map((lock) => lock.snapshot))];
      await change(({ published: { [clusterId]: _old, ...others }, contents: { [clusterId]: kept, ...rest } }) => ({
        published: snapshots.length === 0 ? others : { ...others, [clusterId]: snapshots },
        contents: snapshots.length === 0 || kept === undefined ? rest : { ...rest, [clusterId]: kept },
      }));
    },

    async publishContents(clusterId, given, guard) {
      await guard();
      await change(({ contents }) => ({
        contents: { ...contents, [clusterId]: [...new Set([...(contents[clusterId] ?? []), ...Object.keys(given)])] },
      }));
    },

    async ensureServing(bindAddress, guard) {
      if (read().serving !== bindAddress) {
        await guard();
        await change(() => ({ serving: bindAddress }));
      }
      return endpointAt(bindAddress);
    },

    status() {
      const { serving } = read();
      return Promise.resolve(serving === null ? null : endpointAt(serving));
    },

    async stop() {
      if (read().serving !== null) await change(() => ({ serving: null }));
    },
  };
}

/** Replaced atomically, one process at a time. */
async function changeState(
  storage: WorldStorage,
  edit: (state: MemoryMirrorState) => Partial<MemoryMirrorState>,
): Promise<void> {
  const unlock = await storage.lock('mirror.json');
  try {
    const state = readMemoryMirror(storage);
    storage.write('mirror.json', { ...state, ...edit(state) });
  } finally {
    unlock();
  }
}

/** Keys that no other mirror has, and never the same twice. */
function newTrust(): MirrorTrust {
  const mark = digestOf(`${String(process.pid)} ${String(process.hrtime.bigint())}`).slice(0, 8);
  return {
    caCertificate: 'the CA certificate',
    gpgKey: `the key ${mark}`,
    rehearsalGpgKey: `the rehearsal key ${mark}`,
    gpgFingerprint: `AAAA${mark}`,
    rehearsalGpgFingerprint: `BBBB${mark}`,
  };
}

function readRepos(storage: WorldStorage): Readonly<Record<string, MemoryRepo>> {
  return storage.read('repos.json', {});
}

function findRepo(storage: WorldStorage, name: string): MemoryRepo {
  const repo = readRepos(storage)[name];
  if (repo === undefined) throw new BdeError('REPO_FAILED', `There is no repo ${name}.`);
  return repo;
}

/** Required repos first, each once. */
function withRequired(storage: WorldStorage, name: string): readonly string[] {
  const required = (findRepo(storage, name).requires ?? []).flatMap((each) => withRequired(storage, each));
  return [...new Set([...required, name])];
}

/** One lock for what is built, one for what is rehearsed; none for either where that is nothing. */
function lockRepo(
  name: string,
  { packages, missing = [] }: MemoryRepo,
  { template, rehearsal }: { readonly template: Digest; readonly rehearsal: boolean },
): readonly RepoLock[] {
  if (missing.length > 0 && !rehearsal) throw lacking(name, missing);
  const real = lockOf(name, { template, rehearsal: false, packages });
  const rehearsed = lockOf(`${name}-rehearsal`, { template, rehearsal: true, packages: missing });
  return [real, rehearsed].filter((lock) => lock.packages.length > 0);
}

function lockOf(
  repo: string,
  given: { readonly template: Digest; readonly rehearsal: boolean; readonly packages: readonly string[] },
): RepoLock {
  const { template, rehearsal } = given;
  const packages = given.packages.toSorted().map((name) => ({
    name,
    nevra: `${name}-1.0-${rehearsal ? '0.rehearsal' : '1'}.noarch`,
    digest: digestOf(name),
  }));
  const snapshot = digestOf(JSON.stringify(packages));
  return { formatVersion: 1, repo, template, snapshot, rehearsal, packages, sources: [repo] };
}

function digestOf(text: string): Digest {
  return createHash('sha256').update(text).digest('hex') as Digest;
}

function endpointAt(address: string) {
  return { url: `https://${address}:8443`, pid: process.pid };
}

function lacking(name: string, missing: readonly string[]): BdeError {
  return new BdeError('REPO_FAILED', `The repo ${name} lacks ${missing.join(', ')}.`, {
    hint: 'Put the RPMs there and run bde repo build, or rehearse.',
  });
}

function gone(lock: RepoLock): BdeError {
  return new BdeError('REPO_FAILED', `The snapshot of the repo ${lock.repo} is gone.`, {
    hint: `Build it anew: bde repo build ${lock.repo}`,
  });
}
