import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { BdeError } from '../../../errors/bde-error.js';
import type { OperationId } from '../../../errors/ids.js';
import type { Sealer } from '../../../engine/ports/sealer.js';
import { invalid, openHeader, type BackupHeader } from './backup-header.js';
import { isHolderGone } from '../../holder.js';
import { operatorOfProcess } from '../../operator.js';
import { homePaths } from '../../paths.js';
import { systemClock } from '../../system-clock.js';
import { openExistingSealer, openStore, unpackMirrorKeys } from '../../wire.js';
import { stopMirror } from '../repos.js';
import { withStore } from '../with-store.js';
import { PARTS, sumOf, unpackAll, unpackPart } from './backup-archive.js';
import { decodeState } from './sealed-state.js';

/** What was restored; `formatVersion` 1 of `bde state restore --json`. */
export interface RestoreReport {
  readonly formatVersion: 1;
  readonly file: string;
  readonly createdAt: string;
  readonly clusters: BackupHeader['clusters'];
  readonly packages: boolean;
  /** Where the state that was there is now; null where there was none. */
  readonly replaced: string | null;
}

/**
 * Puts a backup into this home. The new home is made beside the old one and takes its place by a rename: at every moment
 * there is the old one or the new one.
 *
 * @throws BdeError `BACKUP_INVALID`, `IDENTITY_MISSING`, `LEASE_HELD` where somebody is at work here, `GUARD_REFUSED` where
 *   there is state and `force` is not set
 */
export async function restoreState(
  file: string,
  order: { readonly force: boolean; readonly projectRoot: string },
): Promise<RestoreReport> {
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new BdeError('FILE_UNREADABLE', `There is no file ${file}.`, {
      subject: { file },
      hint: 'Look its name up.',
    });
  }
  const sealer = await openExistingSealer();
  const { home } = homePaths();
  const draft = await mkdtemp(join(dirname(home), '.bde-restore-'));
  try {
    const header = await openBackup(path, draft, sealer);
    refuseOtherHome(header, path);
    const hasState = await lookAtHome(order.force, path);
    const packages = await layOut(path, { draft, header, sealer });
    if (hasState) await stopMirror(order.projectRoot);
    const replaced = await putInPlace(join(draft, 'home'), home, hasState);
    await recordRestore(header, path);
    const { clusters, createdAt } = header;
    return { formatVersion: 1, file: path, createdAt: new Date(createdAt).toISOString(), clusters, packages, replaced };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Only the header is read before its signature has been verified, and only what it names after that. */
async function openBackup(file: string, draft: string, sealer: Sealer): Promise<BackupHeader> {
  if (!(await unpackPart(file, draft, PARTS.header))) {
    throw invalid(file, 'has no header', 'Name a file that bde state backup made.');
  }
  const header = openHeader(sealer, await readFile(join(draft, PARTS.header), 'utf8'), file);
  for (const [name, sum] of Object.entries(header.parts)) {
    const isThere = (name === PARTS.state || name === PARTS.packages) && (await unpackPart(file, draft, name));
    if (isThere && (await sumOf(join(draft, name))) === sum) continue;
    throw invalid(file, `is damaged: its part ${name} is not what was written`, 'Take another backup.');
  }
  return header;
}

function refuseOtherHome({ home }: BackupHeader, file: string): void {
  const here = homePaths();
  if (home.key === here.homeKey) return;
  throw new BdeError(
    'BACKUP_INVALID',
    `The backup ${file} is of the home ${home.path}; this one is ${here.home}, and machines go by the home's path.`,
    { subject: { file }, hint: `Restore it there: BDE_HOME=${home.path} bde state restore ${file}.` },
  );
}

/** Whether there is anything to lose here. */
async function lookAtHome(isForced: boolean, file: string): Promise<boolean> {
  const { home, store: storeFile } = homePaths();
  if (!existsSync(storeFile)) return existsSync(join(home, 'mirror'));
  const there = await withStore(async (store) => {
    const clusters = await store.clusters.list();
    for (const { id, name } of clusters) {
      const lease = await store.leases.get(id);
      if (lease !== undefined && lease.expiresAt > systemClock.now() && !isHolderGone(lease.holder)) throw held(name);
    }
    return { names: clusters.map(({ name }) => name), operations: (await store.operations.list()).length };
  });
  const hasState = there.names.length > 0 || there.operations > 0;
  if (hasState && !isForced) {
    const what = there.names.length === 0 ? 'operations' : `the clusters ${there.names.join(', ')}`;
    throw new BdeError('GUARD_REFUSED', `The home ${home} has state already: ${what}.`, {
      subject: { file },
      hint: 'With --force it makes way, and is kept beside the new one.',
    });
  }
  return true;
}

function held(cluster: string): BdeError {
  return new BdeError('LEASE_HELD', `Somebody is at work on the cluster ${cluster} of this home.`, {
    subject: { cluster },
    hint: `Wait for its end (bde cluster events ${cluster} --follow), or end it with bde cluster cancel ${cluster}.`,
  });
}

/** Makes the new home in the draft folder; tells whether packages came with it. */
async function layOut(
  file: string,
  given: { readonly draft: string; readonly header: BackupHeader; readonly sealer: Sealer },
): Promise<boolean> {
  const { draft, header, sealer } = given;
  const home = join(draft, 'home');
  const mirror = join(home, 'mirror');
  const state = decodeState(await sealer.open(await readFile(join(draft, PARTS.state), 'utf8')));
  await mkdir(mirror, { recursive: true, mode: 0o700 });
  await writeFile(join(home, 'store.sqlite'), state.store, { mode: 0o600 });
  for (const [path, text] of Object.entries(state.leases)) {
    const target = resolve(home, path);
    if (!target.startsWith(home + sep))
      throw invalid(file, `names a file outside of the home: ${path}`, 'Take another.');
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, text, { mode: 0o600 });
  }
  if (state.mirrorKeys !== null) await unpackMirrorKeys(mirror, state.mirrorKeys);
  const hasPackages = PARTS.packages in header.parts;
  if (hasPackages) await unpackAll(join(draft, PARTS.packages), mirror);
  return hasPackages;
}

async function putInPlace(made: string, home: string, hasState: boolean): Promise<string | null> {
  const aside = `${home}.replaced-${String(systemClock.now())}`;
  if (existsSync(home)) await rename(home, aside);
  await rename(made, home);
  if (hasState) return aside;
  await rm(aside, { recursive: true, force: true });
  return null;
}

/** For the audit, in the home that is there now. */
async function recordRestore({ createdAt }: BackupHeader, file: string): Promise<void> {
  const store = await openStore();
  try {
    const now = systemClock.now();
    await store.operations.insert({
      id: systemClock.newId() as OperationId,
      clusterId: null,
      clusterName: null,
      kind: 'state-restore',
      state: 'succeeded',
      startedAt: now,
      endedAt: now,
      ...operatorOfProcess(),
      request: { file, createdAt },
      plan: null,
      outcome: 'succeeded',
      cancelAsked: false,
    });
  } finally {
    await store.close();
  }
}
