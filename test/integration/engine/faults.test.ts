import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { withoutIdentities } from './without-identities.js';
import { buildMemoryBde, type MemoryBde, type MemoryWorldPaths } from './memory-bde.js';
import {
  CONVERGE,
  CREATE,
  DELETE,
  forEachTwo,
  listPoints,
  RESUME,
  show,
  ZOOKEEPER_REPOS,
} from './zookeeper-cluster.js';

let bde: MemoryBde;
/** A world in which the cluster runs; nobody changes it, tests take copies. */
let running: MemoryWorldPaths;
let expected: unknown;

beforeAll(async () => {
  bde = await buildMemoryBde();
  running = bde.newWorld(ZOOKEEPER_REPOS);
  await bde.run(running, CREATE);
  expected = await show(bde, running);
});

afterAll(() => bde.remove());

async function killAt(world: MemoryWorldPaths, argv: readonly string[], point: string): Promise<void> {
  const killed = await bde.run(world, argv, { BDE_FAULT: `kill@${point}` });
  expect(killed.signal, point).toBe('SIGKILL');
}

/** Gives the cluster as `show` would, less what differs from run to run; null where it is gone. */
async function resume(world: MemoryWorldPaths, point: string): Promise<unknown> {
  const resumed = await bde.run(world, RESUME);
  expect(resumed.exitCode, `${point}: ${resumed.stdout}${resumed.stderr}`).toBe(0);
  const { cluster } = JSON.parse(resumed.stdout) as { cluster: unknown };
  return withoutIdentities(cluster);
}

describe('a create that is killed at any fault point', () => {
  it('resumes to the same cluster on the same number of machines', async () => {
    const points = await listPoints(bde, bde.newWorld(ZOOKEEPER_REPOS), CREATE);
    expect(points.length).toBeGreaterThan(50);

    await forEachTwo(points, async (point) => {
      const world = bde.newWorld(ZOOKEEPER_REPOS);

      await killAt(world, CREATE, point);
      const resumed = await resume(world, point);

      expect(resumed, point).toEqual(expected);
      expect(Object.keys(readMemoryWorld(world.world).machines), point).toHaveLength(3);
    });
  });

  it('can be deleted from wherever it was killed', async () => {
    const points = await listPoints(bde, bde.newWorld(ZOOKEEPER_REPOS), CREATE);
    const sample = points.filter((_, index) => index % 9 === 0);

    await forEachTwo(sample, async (point) => {
      const world = bde.newWorld(ZOOKEEPER_REPOS);

      await killAt(world, CREATE, point);
      const deleted = await bde.run(world, DELETE);

      expect(deleted.exitCode, `${point}: ${deleted.stdout}${deleted.stderr}`).toBe(0);
      expect(readMemoryWorld(world.world).machines, point).toEqual({});
    });
  });
});

describe('a delete that is killed at any fault point', () => {
  it('resumes to nothing left', async () => {
    const points = await listPoints(bde, bde.copyWorld(running), DELETE);
    expect(points.length).toBeGreaterThan(8);

    await forEachTwo(points, async (point) => {
      const world = bde.copyWorld(running);

      await killAt(world, DELETE, point);
      const resumed = await resume(world, point);

      expect(resumed, point).toBeNull();
      expect(readMemoryWorld(world.world), point).toMatchObject({ machines: {}, hasNetwork: false });
    });
  });
});

describe('a converge that is killed at any fault point', () => {
  it('resumes to the same cluster', async () => {
    const points = await listPoints(bde, bde.copyWorld(running), CONVERGE);
    expect(points.length).toBeGreaterThan(10);

    await forEachTwo(points, async (point) => {
      const world = bde.copyWorld(running);

      await killAt(world, CONVERGE, point);
      const resumed = await resume(world, point);

      expect(resumed, point).toEqual(expected);
    });
  });
});
