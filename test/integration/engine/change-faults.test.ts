import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMachineData, writeMachineData } from '../../fakes/memory-nodes.js';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { buildMemoryBde, type MemoryBde, type MemoryWorldPaths } from './memory-bde.js';
import { withoutIdentities } from './without-identities.js';
import { CREATE, DELETE, forEachTwo, listPoints, RESUME, show, ZOOKEEPER_REPOS } from './zookeeper-cluster.js';

const RESIZE = ['cluster', 'resize', 'zk', '--group', 'zookeeper', '--yes', '--count'];
const CONFIG = ['cluster', 'config', 'zk', '--set', 'configuration.zookeeper.tickTimeMs=3000'];
const STOP = ['cluster', 'stop', 'zk'];
const FIX = ['cluster', 'fix', 'zk', '--node', 'zk-zookeeper-0', '--yes'];
const DISK = 'nodeGroups.zookeeper.storage={"type":"LOCAL","sizeGB":1}';

let bde: MemoryBde;
/** Worlds that nobody changes; tests take copies. */
let one: MemoryWorldPaths;
let two: MemoryWorldPaths;
let stopped: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde();
  one = await worldWith(1);
  two = bde.copyWorld(one);
  await run(two, [...RESIZE, '2']);
  stopped = bde.copyWorld(one);
  await run(stopped, STOP);
});

afterAll(() => bde.remove());

async function worldWith(count: number): Promise<MemoryWorldPaths> {
  const world = bde.newWorld(ZOOKEEPER_REPOS);
  await run(world, [...CREATE, '--set', `nodeGroups.zookeeper.instanceNum=${String(count)}`]);
  return world;
}

async function run(world: MemoryWorldPaths, argv: readonly string[]): Promise<void> {
  const ended = await bde.run(world, argv);
  expect(ended.exitCode, `${argv.join(' ')}: ${ended.stdout}${ended.stderr}`).toBe(0);
}

/** What of the machines must be the same however often a change was killed. */
function machinesOf(world: MemoryWorldPaths): readonly string[] {
  return machinesIn(world)
    .map(([id, { mark, state, size, disks = {} }]) => {
      const made = Object.values(disks).map((owner) => (owner === id ? 'new' : 'kept'));
      const data = readMachineData(world.world, id) ?? 'its own';
      return `${mark.nodeName} ${state} ${JSON.stringify(size ?? null)} ${made.join()} ${data}`;
    })
    .sort();
}

function machinesIn(world: MemoryWorldPaths) {
  return Object.entries(readMemoryWorld(world.world).machines);
}

/** One point in so many is tried; all of them where the long tests run too. */
const ONE_IN = process.env['BDE_TEST_ALL'] === '1' ? 1 : 5;
const ONE_IN_MANY = process.env['BDE_TEST_ALL'] === '1' ? 1 : 20;

/** Kills a change at points that it passes, resumes it, and looks that the end is the same as without the kill. */
async function killEverywhere(from: MemoryWorldPaths, argv: readonly string[], oneIn = ONE_IN): Promise<number> {
  const whole = bde.copyWorld(from);
  const points = await listPoints(bde, whole, argv);
  const expected = { cluster: await show(bde, whole), machines: machinesOf(whole) };
  const sample = points.filter((_, index) => index % oneIn === points.length % oneIn);
  await forEachTwo(sample, async (point) => {
    const world = bde.copyWorld(from);
    const killed = await bde.run(world, argv, { BDE_FAULT: `kill@${point}` });
    expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');

    const resumed = await bde.run(world, RESUME);

    expect(resumed.exitCode, `${point}: ${resumed.stdout}${resumed.stderr}`).toBe(0);
    const { cluster } = JSON.parse(resumed.stdout) as { cluster: unknown };
    expect({ cluster: withoutIdentities(cluster), machines: machinesOf(world) }, point).toEqual(expected);
  });
  return points.length;
}

describe('a change that is killed at a fault point resumes to the same end', () => {
  it('growing', async () => {
    expect(await killEverywhere(one, [...RESIZE, '2'])).toBeGreaterThan(25);
  });

  it('shrinking', async () => {
    expect(await killEverywhere(two, [...RESIZE, '1'])).toBeGreaterThan(10);
  });

  it('with machines of another size', async () => {
    const memory = ['cluster', 'resize', 'zk', '--group', 'zookeeper', '--memory', '2048'];

    expect(await killEverywhere(one, memory)).toBeGreaterThan(8);
  });

  it('reconfiguring', async () => {
    expect(await killEverywhere(two, CONFIG)).toBeGreaterThan(8);
  });

  it('rotating certificates', async () => {
    expect(await killEverywhere(two, ['cluster', 'rotate-certs', 'zk'])).toBeGreaterThan(5);
  });

  it.runIf(process.env['BDE_TEST_ALL'] === '1')('exchanging the authority of certificates', async () => {
    expect(await killEverywhere(two, ['cluster', 'rotate-certs', 'zk', '--ca'])).toBeGreaterThan(15);
  });

  it('stopping', async () => {
    expect(await killEverywhere(two, STOP)).toBeGreaterThan(10);
  });

  it('starting', async () => {
    expect(await killEverywhere(stopped, ['cluster', 'start', 'zk'])).toBeGreaterThan(5);
  });

  it('restarting', async () => {
    expect(await killEverywhere(one, ['cluster', 'restart', 'zk'])).toBeGreaterThan(5);
  });

  it('taking a backup', async () => {
    expect(await killEverywhere(two, ['cluster', 'backup', 'zk'])).toBeGreaterThan(12);
  });

  it('restoring', async () => {
    const backedUp = bde.copyWorld(two);
    await run(backedUp, ['cluster', 'backup', 'zk', '--to', join(two.dir, 'backups')]);
    const [id = ''] = readdirSync(join(two.dir, 'backups'));
    const from = join(two.dir, 'backups', id);
    for (const [machine] of machinesIn(backedUp)) writeMachineData(backedUp.world, machine, 'of later');

    expect(await killEverywhere(backedUp, ['cluster', 'restore', 'zk', '--from', from, '--yes'])).toBeGreaterThan(20);
  });

  it('mending, with the data disk that the dead machine had', async () => {
    const disks = bde.newWorld(ZOOKEEPER_REPOS);
    await run(disks, [...CREATE, '--set', DISK]);

    expect(await killEverywhere(disks, FIX, ONE_IN_MANY)).toBeGreaterThan(20);
  });
});

describe('a change that is killed at a fault point', () => {
  it.each([
    ['growing', () => one, [...RESIZE, '2']],
    ['stopping', () => two, STOP],
    ['mending', () => one, [...FIX, '--force']],
  ] as const)('leaves what can be deleted, %s', async (_, from, argv) => {
    const points = await listPoints(bde, bde.copyWorld(from()), argv);
    const sample = points.filter((__, index) => index % ONE_IN_MANY === points.length % ONE_IN_MANY);

    await forEachTwo(sample, async (point) => {
      const world = bde.copyWorld(from());
      await bde.run(world, argv, { BDE_FAULT: `kill@${point}` });

      const deleted = await bde.run(world, DELETE);

      expect(deleted.exitCode, `${point}: ${deleted.stdout}${deleted.stderr}`).toBe(0);
      expect(readMemoryWorld(world.world).machines, point).toEqual({});
    });
  });
});
