import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeDescription } from '../../src/cli/services/describe-cluster.js';
import type { BackupDescription } from '../../src/cli/services/backups/list-backups.js';
import { showCluster, type OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';
import { startLoad, type ZooKeeperLoad } from './support/zookeeper-load.js';
import { askZooKeeper } from './support/zookeeper.js';

const CREATE = ['--spec', 'zookeeper/basic'];
const BACKUP = ['cluster', 'backup', 'zk'];
const RESTORE = ['cluster', 'restore', 'zk', '--yes'];

/** One point in so many of a verb is tried. */
const ONE_IN = 3;

let project: Project;
let home: Home;

beforeAll(async () => {
  project = await buildProject();
  home = await newHome(project);
  await home.json(['cluster', 'create', 'zk', ...CREATE]);
  // Another leader, so that the data is of a later epoch than that of an ensemble that is new.
  await home.json(['cluster', 'restart', 'zk']);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

async function members(cluster = 'zk'): Promise<readonly NodeDescription[]> {
  return (await showCluster(home, cluster)).nodes;
}

async function ask(member: NodeDescription, ...command: string[]): Promise<string> {
  const { exitCode, text } = await askZooKeeper(home, { client: member, member }, command);
  expect(exitCode, `${command.join(' ')}: ${text}`).toBe(0);
  return text;
}

/** What each member has at a path. */
async function valuesAt(path: string, cluster = 'zk'): Promise<readonly string[]> {
  const values: string[] = [];
  for (const member of await members(cluster)) {
    await ask(member, 'sync', path);
    values.push(valueIn(await ask(member, 'get', path)));
  }
  return values;
}

/** The client says more than it is asked. */
function valueIn(said: string): string {
  const lines = said.split('\n').filter((line) => !/^$|^\[main\]|^Connecting|^WATCHER|^WatchedEvent/.test(line));
  return lines.at(-1) ?? '';
}

async function write(path: string, value: string): Promise<void> {
  const [first] = await members();
  if (first !== undefined) await ask(first, 'set', path, value);
}

async function backups(): Promise<readonly BackupDescription[]> {
  return (await home.json<{ backups: readonly BackupDescription[] }>(['cluster', 'backups', 'zk'])).backups;
}

/** The fault points of a verb, a part of them. */
async function pointsOf(argv: readonly string[]): Promise<readonly string[]> {
  const file = join(home.folder, `points-${argv[1] ?? ''}`);
  await home.json(argv, { BDE_FAULT: `list:${file}` });
  const points = (await readFile(file, 'utf8')).trim().split('\n');
  return points.filter((_, index) => index % ONE_IN === points.length % ONE_IN);
}

describe('the data of an ensemble that is written to', () => {
  it('comes back with every write that was acknowledged before the backup began, on every member', async () => {
    const addresses = (await members()).map(({ address }) => address);
    const load: ZooKeeperLoad = await startLoad(home, addresses);
    await until('some writes', async () => (await load.acknowledged()) > 300);

    const before = await load.acknowledged();
    await home.json(BACKUP);
    const after = await load.acknowledged();
    await until('some more writes', async () => (await load.acknowledged()) > after + 100);
    await load.stop();
    await home.json(RESTORE);

    const acknowledged = (await readFile(join(home.folder, 'writes'), 'utf8')).trim().split('\n');
    const missing = await Promise.all(addresses.map(async (address) => (await load.missingAt(address)).stdout.trim()));
    const [first = ''] = missing;
    expect(missing).toEqual([first, first, first]);
    expect(first.split('\n').length).toBeGreaterThan(100);
    const lost = new Set(first.split('\n'));
    expect(acknowledged.slice(0, before).filter((line) => lost.has(line))).toEqual([]);
  });

  it('comes back where it was changed, deleted and added to, and nothing is to be done then', async () => {
    const [first] = await members();
    if (first === undefined) throw new Error('there is no member');
    await ask(first, 'create', '/kept', 'as it was');
    await ask(first, 'create', '/deleted', 'here');
    await home.json(BACKUP);
    await ask(first, 'set', '/kept', 'changed');
    await ask(first, 'delete', '/deleted');
    await ask(first, 'create', '/added', 'later');

    const { cluster } = await home.json<OperationDocument>(RESTORE);

    expect(cluster?.state).toBe('RUNNING');
    expect(await valuesAt('/kept')).toEqual(['as it was', 'as it was', 'as it was']);
    expect(await valuesAt('/deleted')).toEqual(['here', 'here', 'here']);
    expect(await ask(first, 'ls', '/')).not.toContain('added');
    const apply = ['cluster', 'apply', 'zk', ...CREATE, '--refresh', 'nodes', '--plan'];
    expect((await home.json<{ plan: { steps: unknown[] } }>(apply)).plan.steps).toEqual([]);
  });

  it('says what it would do, and asks before it does', async () => {
    const plan = await home.run(['cluster', 'restore', 'zk', '--plan']);
    const asked = await home.run(['cluster', 'restore', 'zk']);

    expect(plan.stdout).toMatch(/^warning: what was written since .* is lost: the data of zookeeper on 3 nodes/);
    expect(plan.stdout).toMatch(/^restore\/zk-zookeeper-2\/zookeeper .* its data is replaced by that of the backup$/m);
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain('Replace the data of zookeeper of zk by that of');
  });
});

describe('a restoration that is killed and resumed', () => {
  it('ends with the data of the backup on every member, wherever that was', async () => {
    await write('/kept', 'of the backup');
    await home.json(BACKUP);
    const points = await pointsOf(RESTORE);
    expect(points.length).toBeGreaterThan(10);

    for (const point of points) {
      await write('/kept', 'of later');

      const killed = await home.run(RESTORE, { BDE_FAULT: `kill@${point}` });
      const resumed = await home.run(['cluster', 'resume', 'zk']);

      expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');
      expect(resumed.exitCode, `${point}: ${resumed.stdout}${resumed.stderr}`).toBe(0);
      expect(await valuesAt('/kept'), point).toEqual(['of the backup', 'of the backup', 'of the backup']);
    }
  });
});

describe('a backup that is killed and resumed', () => {
  it('is there once, whole, and leaves nothing half made', async () => {
    const points = await pointsOf(BACKUP);
    expect(points.length).toBeGreaterThan(4);
    const count = (await backups()).length;

    for (const [index, point] of points.entries()) {
      const killed = await home.run(BACKUP, { BDE_FAULT: `kill@${point}` });
      const resumed = await home.run(['cluster', 'resume', 'zk']);

      expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');
      expect(resumed.exitCode, `${point}: ${resumed.stdout}${resumed.stderr}`).toBe(0);
      expect(await backups(), point).toHaveLength(count + index + 1);
    }

    const kept = await readdir(join(home.path, 'backups', 'zk'));
    expect(kept.filter((name) => name.startsWith('.'))).toEqual([]);
    await home.json(RESTORE);
    expect((await valuesAt('/kept'))[0]).toBe('of the backup');
  });
});

describe('a fresh ensemble', () => {
  it('takes the data of another one where that is said, and keeps its own members', async () => {
    const [newest] = await backups();
    await home.json(['cluster', 'create', 'next', ...CREATE]);
    const restore = ['cluster', 'restore', 'next', '--yes', '--from', newest?.folder ?? ''];

    const refused = await home.run(restore);
    await home.json([...restore, '--accept-other']);
    await home.json(['cluster', 'resize', 'next', '--group', 'zookeeper', '--count', '4', '--yes']);

    expect(refused.exitCode, refused.stderr).toBe(4);
    expect(await valuesAt('/kept', 'next')).toEqual(Array(4).fill('of the backup'));
    const own = await members('next');
    const config = await ask(own[3] as NodeDescription, 'config');
    expect(config.match(/(?<==)[\d.]+(?=:2888)/g)).toEqual(own.map(({ address }) => address));
  });
});
