import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newHome, type Home } from './support/home.js';
import {
  killCreate,
  killDelete,
  listCreatePoints,
  listDeletePoints,
  shareOut,
  type Expected,
} from './support/kill-and-resume.js';
import { buildProject, type Project } from './support/project.js';

const ZOOKEEPER = {
  name: 'zk',
  create: ['cluster', 'create', 'zk', '--spec', 'zookeeper/basic'],
  nodeCount: 3,
} as const;

const ONE_ZOOKEEPER = {
  ...ZOOKEEPER,
  create: [...ZOOKEEPER.create, '--set', 'nodeGroups.zookeeper.instanceNum=1'],
  nodeCount: 1,
};

/** A wave of hundreds of machines; everything else of the project has its time limit from vitest.config.ts. */
const HOURS = { timeout: 4 * 3_600_000 };

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

describe('an ensemble of three on real machines', () => {
  it('comes out the same wherever its create was killed', HOURS, async () => {
    const listed = await Promise.all(homes.map((home) => listCreatePoints(home, ZOOKEEPER)));
    const expected = new Map<Home, Expected>(homes.map((home, index) => [home, listed[index]?.expected]));
    const points = listed[0]?.points ?? [];
    expect(points.length).toBeGreaterThan(60);

    await shareOut(points, homes, (point, home) =>
      killCreate(home, ZOOKEEPER, { point, expected: expected.get(home) }),
    );
  });

  it('leaves nothing wherever its delete was killed', HOURS, async () => {
    const points = await listDeletePoints(homes[0], ZOOKEEPER);
    expect(points.length).toBeGreaterThan(14);

    await shareOut(points, homes, (point, home) => killDelete(home, ZOOKEEPER, point));
  });
});

describe('a home that is not prepared', () => {
  it('is prepared as if nothing had been wherever that was killed', HOURS, async () => {
    const { points } = await listCreatePoints(homes[0], ONE_ZOOKEEPER);
    const preparing = points.filter((point) => point.startsWith('prepare-'));
    expect(preparing.length).toBeGreaterThan(15);

    await shareOut(preparing, homes, async (point) => {
      const fresh = await newHome(project);
      try {
        const killed = await fresh.run(ONE_ZOOKEEPER.create, { BDE_FAULT: `kill@${point}` });
        const resumed = await fresh.run(['cluster', 'resume', 'zk']);

        expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');
        expect(resumed.exitCode, `${point}: ${resumed.stdout}${resumed.stderr}`).toBe(0);
      } finally {
        await fresh.dispose();
      }
    });
  });
});
