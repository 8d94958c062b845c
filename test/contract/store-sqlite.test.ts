import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engine/ports/store.js';
import type { ClusterId, MachineId, OperationId } from '../../src/errors/ids.js';
import { STORE_FORMAT_VERSION } from '../../src/store/migrations.js';
import { openSqliteStore } from '../../src/store/open-sqlite-store.js';
import { aCluster, aMachine, anOperation, aStepEntry } from './store-records.js';

const C1 = 'C1' as ClusterId;
const O1 = 'O1' as OperationId;

let childProgram: string;
let folder: string;
let file: string;
let stores: Store[];
let children: ChildProcess[];

beforeAll(async () => {
  // Below node_modules, so that the packages which stay outside of the bundle are found.
  const cache = join(import.meta.dirname, '../../node_modules/.cache');
  await mkdir(cache, { recursive: true });
  childProgram = join(await mkdtemp(join(cache, 'bde-store-child-')), 'child.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'store-child.ts')],
    outfile: childProgram,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    loader: { '.sql': 'text' },
  });
});
afterAll(() => rm(join(childProgram, '..'), { recursive: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-store-'));
  file = join(folder, 'home', 'bde.db');
  stores = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) await kill(child);
  for (const store of stores) await store.close();
  await rm(folder, { recursive: true });
});

describe('two handles on one store file', () => {
  it('give one of two holders the lease', async () => {
    const [mine, theirs] = [await open(), await open()];
    await mine.clusters.insert(aCluster());
    const times = { now: 1_000, ttlMs: 60_000 };

    const ends = await Promise.allSettled([
      mine.leases.acquire(C1, 'me', times),
      theirs.leases.acquire(C1, 'you', times),
    ]);

    expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find((end) => end.status === 'rejected')?.reason).toMatchObject({ code: 'LEASE_HELD' });
    expect(await theirs.clusters.byId(C1)).toMatchObject({ epoch: 1 });
  });

  it('fence the journal of the holder that was overtaken', async () => {
    const [mine, theirs] = [await open(), await open()];
    await mine.clusters.insert(aCluster());
    await mine.operations.insert(anOperation());
    const { epoch } = await mine.leases.acquire(C1, 'me', { now: 1_000, ttlMs: 10 });
    await mine.operations.append([aStepEntry({ epoch })]);

    await theirs.leases.acquire(C1, 'you', { now: 2_000, ttlMs: 10 });

    await expect(mine.operations.append([aStepEntry({ epoch })])).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await mine.leases.renew(C1, epoch, { now: 2_001, ttlMs: 10 })).toBe(false);
    expect(await theirs.operations.journal(O1)).toHaveLength(1);
  });

  it('let a transaction write after it read while the other writes', async () => {
    const [mine, theirs] = [await open(), await open()];
    await mine.home.put('counter', 0);
    const increment = (store: Store) =>
      store.transaction(async (tables) => {
        const before = Number(await tables.home.get('counter'));
        await tables.home.put('counter', before + 1);
      });

    await Promise.all(Array.from({ length: 40 }, (_, index) => increment(index % 2 === 0 ? mine : theirs)));

    expect(await mine.home.get('counter')).toBe(40);
  });

  it('see what the other one committed and read while it writes', async () => {
    const [mine, theirs] = [await open(), await open()];
    const seen: unknown[] = [];

    await mine.transaction(async (tables) => {
      await tables.home.put('k', 'new');
      seen.push(await theirs.home.get('k'));
    });
    seen.push(await theirs.home.get('k'));

    expect(seen).toEqual([undefined, 'new']);
  });

  it('refuse a second current machine by the index alone', async () => {
    const store = await open();
    await store.clusters.insert(aCluster());
    await store.nodes.putMachine(aMachine({ id: 'M1' as MachineId }));

    const sql =
      "insert into machines select 'M2', cluster_id, node_name, 2, 'current', host_key, 0, shape_json from machines";

    expect(() => withRaw((raw) => raw.exec(sql))).toThrow('UNIQUE constraint failed');
  });
});

describe('processes on one store file', () => {
  it('lets one of four make the cluster of a name', async () => {
    const racers = ['A', 'B', 'C', 'D'].map((id) => start('insert', id));

    const ends = await Promise.all(racers.map(lastLine));

    expect(ends.sort()).toEqual(['CLUSTER_EXISTS', 'CLUSTER_EXISTS', 'CLUSTER_EXISTS', 'won']);
  });

  it('lets one of four take the lease', async () => {
    await (await open()).clusters.insert(aCluster());
    const racers = ['a', 'b', 'c', 'd'].map((holder) => start('lease', holder));

    const ends = await Promise.all(racers.map(lastLine));

    expect(ends.sort()).toEqual(['LEASE_HELD', 'LEASE_HELD', 'LEASE_HELD', 'won 1']);
  });

  it('loses no increment of three that count at once', async () => {
    const store = await open();
    await store.home.put('counter', 0);
    const counters = [1, 2, 3].map(() => start('count', '50'));

    await Promise.all(counters.map(lastLine));

    expect(await store.home.get('counter')).toBe(150);
  });

  it('holds what was reported before a kill -9', async () => {
    const child = start('journal');
    const reported = await lineAfter(child, '25');

    await kill(child);

    const store = await open();
    const entries = (await store.operations.journal(O1)).length;
    expect(entries).toBeGreaterThanOrEqual(Number(reported));
    expect(integrity()).toBe('ok');
  });

  it('holds nothing of a transaction that a kill -9 cut', async () => {
    const child = start('hang');
    await lineAfter(child, 'inside');

    await kill(child);

    expect(await (await open()).home.get('half')).toBeUndefined();
    expect(integrity()).toBe('ok');
  });
});

describe('openSqliteStore', () => {
  it('makes folder and files for the owner alone', async () => {
    await (await open()).home.put('k', 1);

    expect(await modeOf(join(folder, 'home'))).toBe('700');
    expect(await modeOf(file)).toBe('600');
    expect(await modeOf(`${file}-wal`)).toBe('600');
  });

  it('narrows the mode of a file that others could read', async () => {
    await mkdir(join(folder, 'home'));
    await writeFile(file, '', { mode: 0o644 });

    await open();

    expect(await modeOf(file)).toBe('600');
  });

  it('syncs each commit and waits for no other reader', async () => {
    await open();

    expect(withRaw((raw) => raw.pragma('journal_mode', { simple: true }))).toBe('wal');
    expect(withRaw((raw) => raw.pragma('user_version', { simple: true }))).toBe(STORE_FORMAT_VERSION);
  });

  it('opens a store again with all that it held', async () => {
    const first = await openSqliteStore(file);
    await first.clusters.insert(aCluster());
    await first.close();

    const second = await open();

    expect(await second.clusters.byName('demo')).toEqual(aCluster());
  });

  it('may be closed twice and unused', async () => {
    const store = await openSqliteStore(file);

    await store.close();
    await store.close();

    await expect(store.home.get('k')).rejects.toThrow();
  });

  it('refuses a store of a newer bde and names both versions', async () => {
    await (await openSqliteStore(file)).close();
    withRaw((raw) => raw.pragma('user_version = 700'));

    const opening = openSqliteStore(file);

    await expect(opening).rejects.toMatchObject({
      code: 'STATE_INVALID',
      message: `The store ${file} has format version 700, and this bde knows versions up to ${STORE_FORMAT_VERSION}.`,
      hint: 'Use the newer bde that wrote it, or point BDE_HOME at another folder.',
    });
  });

  it('refuses a file that is no database and says what to do', async () => {
    await mkdir(join(folder, 'home'));
    await writeFile(file, 'this is a letter to my aunt, and it is long enough for a header\n'.repeat(40));

    const opening = openSqliteStore(file);

    await expect(opening).rejects.toMatchObject({
      code: 'STATE_INVALID',
      message: `The store ${file} is damaged: file is not a database.`,
      hint: expect.stringContaining('restore') as string,
    });
  });

  it('refuses a store whose pages were overwritten', async () => {
    const store = await openSqliteStore(file);
    await store.blobs.put(Buffer.alloc(200_000, 'x'));
    await store.clusters.insert(aCluster());
    await store.close();
    const bytes = await readFile(file);
    bytes.fill(0xa5, 4_096);
    await writeFile(file, bytes);

    const listing = open().then((damaged) => damaged.clusters.list());

    await expect(listing).rejects.toMatchObject({ code: 'STATE_INVALID', subject: { file } });
  });

  it('refuses the database of another program and leaves it alone', async () => {
    await mkdir(join(folder, 'home'));
    withRaw((raw) => raw.exec('create table recipes (name text)'));

    const opening = openSqliteStore(file);

    await expect(opening).rejects.toMatchObject({
      code: 'STATE_INVALID',
      message: `${file} is a database of another program, not a bde store.`,
    });
    expect(withRaw((raw) => raw.prepare('select count(*) as n from sqlite_master').get())).toEqual({ n: 1 });
  });

  it('refuses a path that cannot be a folder', async () => {
    await writeFile(join(folder, 'home'), 'a file');

    const opening = openSqliteStore(file);

    await expect(opening).rejects.toMatchObject({ code: 'STORE_UNUSABLE', subject: { file } });
  });

  it('detects a blob whose bytes changed on disk', async () => {
    const store = await open();
    const digest = await store.blobs.put(Buffer.from('hello'));
    withRaw((raw) => raw.exec("update blobs set content = cast('hullo' as blob)"));

    const get = store.blobs.get(digest);

    await expect(get).rejects.toMatchObject({ code: 'STATE_INVALID' });
  });
});

async function open(): Promise<Store> {
  const store = await openSqliteStore(file);
  stores.push(store);
  return store;
}

function withRaw<Result>(work: (raw: Sqlite.Database) => Result): Result {
  const raw = new Sqlite(file);
  try {
    return work(raw);
  } finally {
    raw.close();
  }
}

function integrity(): unknown {
  return withRaw((raw) => raw.pragma('integrity_check', { simple: true }));
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

interface Child {
  readonly process: ChildProcess;
  readonly lines: Interface;
}

function start(verb: string, argument = ''): Child {
  const child = spawn(process.execPath, [childProgram, file, verb, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return { process: child, lines: createInterface({ input: child.stdout }) };
}

async function lineAfter(child: Child, awaited: string): Promise<string> {
  for await (const line of child.lines) if (line === awaited) return line;
  throw new Error(`The child ended before it said '${awaited}'.`);
}

async function lastLine(child: Child): Promise<string> {
  let last = '';
  for await (const line of child.lines) last = line;
  return last;
}

async function kill(child: ChildProcess | Child): Promise<void> {
  const one = 'process' in child ? child.process : child;
  if (one.exitCode !== null || one.signalCode !== null) return;
  one.kill('SIGKILL');
  await once(one, 'exit');
}
