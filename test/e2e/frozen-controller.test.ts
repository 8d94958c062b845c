import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newHome, type Home } from './support/home.js';
import { listMachineIds, runsOn, untilPackagesInstall } from './support/machine-runs.js';
import { buildProject, type Project } from './support/project.js';
import { freeze, LEASE, strayRuns, takeOver } from './support/take-over.js';

let project: Project;
let home: Home;

beforeAll(async () => {
  project = await buildProject();
  home = await newHome(project);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

describe('a controller that was frozen past its lease', () => {
  it('ends with 9 when it wakes, and only adopted runs of it go on', async () => {
    const frozen = home.start(['cluster', 'create', 'zk', '--spec', 'zookeeper/basic'], LEASE);
    await untilPackagesInstall(home);
    await freeze(home, frozen);

    const { atMs, document } = await takeOver(home, 'zk');
    frozen.kill('SIGCONT');
    const woken = await frozen.ended;
    const resumed = await document;

    expect(woken.exitCode, woken.stderr).toBe(9);
    expect(woken.stderr).toContain('LEASE_LOST');
    expect(resumed.cluster?.state).toBe('RUNNING');
    const machineIds = await listMachineIds(home);
    expect(machineIds).toHaveLength(3);
    for (const machineId of machineIds) {
      const runs = await runsOn(home, machineId);
      expect(await strayRuns(home, machineId, atMs)).toEqual([]);
      expect(runs.filter((run) => run.key === 'packages').map((run) => run.end)).toEqual(['exited 0']);
      expect(runs.at(-1)).toMatchObject({ key: 'zookeeper', epoch: 2, end: 'exited 0' });
    }
  });
});
