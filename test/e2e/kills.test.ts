import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newHome, type Home } from './support/home.js';
import {
  killCreate,
  killDelete,
  listCreatePoints,
  listDeletePoints,
  shareOut,
  type Expected,
  type KilledCluster,
} from './support/kill-and-resume.js';
import { buildProject, type Project } from './support/project.js';

const BARE: KilledCluster = {
  name: 'bare',
  create: ['cluster', 'create', 'bare', '--spec', 'bare/basic', '--set', 'nodeGroups.node.instanceNum=1'],
  nodeCount: 1,
};

const ZOOKEEPER: KilledCluster = {
  name: 'zk',
  create: ['cluster', 'create', 'zk', '--spec', 'zookeeper/basic', '--set', 'nodeGroups.zookeeper.instanceNum=1'],
  nodeCount: 1,
};

/** What the way of a node with packages has beside that of a bare one; all of its points are for `bin/test --all`. */
const ZOOKEEPER_SAMPLE = [
  'prepare-repo:-:zookeeper:after',
  'publish:-:-:after',
  'run:zk-zookeeper-0:packages:after',
  'run:zk-zookeeper-0:zookeeper:before',
];

let project: Project;
let homes: readonly [Home, Home];

beforeAll(async () => {
  project = await buildProject();
  homes = [await newHome(project), await newHome(project)];
});

afterAll(async () => {
  await Promise.all(homes.map((home) => home.dispose()));
  await project.remove();
});

/** Kills the creation of a cluster at each of the points that `choose` takes. */
async function killCreates(
  cluster: KilledCluster,
  choose: (points: readonly string[]) => readonly string[],
): Promise<void> {
  const listed = await Promise.all(homes.map((home) => listCreatePoints(home, cluster)));
  const expected = new Map<Home, Expected>(homes.map((home, index) => [home, listed[index]?.expected]));
  const points = choose(listed[0]?.points ?? []);
  await shareOut(points, homes, (point, home) => killCreate(home, cluster, { point, expected: expected.get(home) }));
}

describe('a create on real machines that is killed', () => {
  it('resumes to the same cluster from every fault point of one node', async () => {
    await killCreates(BARE, (points) => {
      expect(points).toContain('create:bare-node-0:-:after');
      expect(points.length).toBeGreaterThan(20);
      return points;
    });
  });

  it('resumes to the same cluster from points on the way of packages', async () => {
    await killCreates(ZOOKEEPER, (points) => {
      expect(points).toEqual(expect.arrayContaining(ZOOKEEPER_SAMPLE));
      return ZOOKEEPER_SAMPLE;
    });
  });
});

describe('a delete on real machines that is killed', () => {
  it('resumes to nothing left from every fault point of one node', async () => {
    const points = await listDeletePoints(homes[0], BARE);
    expect(points.length).toBeGreaterThan(8);

    await shareOut(points, homes, (point, home) => killDelete(home, BARE, point));
  });
});
