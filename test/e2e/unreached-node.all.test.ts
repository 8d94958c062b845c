import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineCgroups } from '../../src/providers/local/cgroup-layout.js';
import { readCgroupLayout } from '../../src/providers/local/cgroups.js';
import { newHome, type Home } from './support/home.js';
import { listMachineIds, runsOn, untilPackagesInstall } from './support/machine-runs.js';
import { buildProject, type Project } from './support/project.js';
import { freeze, LEASE, strayRuns, takeOver } from './support/take-over.js';
import { until } from './support/until.js';

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

/** Stops every process of a machine, or lets them go on: from outside it looks like a node that hangs. */
async function setFrozen(machineId: string, isFrozen: boolean): Promise<void> {
  const layout = await readCgroupLayout();
  if (layout === undefined) throw new Error('this host has no cgroup2 hierarchy');
  const { node } = machineCgroups(layout, `bde-${home.key}`, machineId);
  await writeFile(join(node, 'cgroup.freeze'), isFrozen ? '1' : '0');
}

async function eventKinds(): Promise<readonly string[]> {
  const { events } = await home.json<{ events: readonly { kind: string }[] }>(['cluster', 'events', 'zk']);
  return events.map(({ kind }) => kind);
}

describe('a node that the new holder of the lease could not reach', () => {
  it('takes nothing from the former one, which wakes when the node does', async () => {
    const former = home.start(['cluster', 'create', 'zk', '--spec', 'zookeeper/basic'], LEASE);
    const { machineId } = await untilPackagesInstall(home);
    await freeze(home, former);
    await setFrozen(machineId, true);

    const { atMs, document } = await takeOver(home, 'zk');
    await until('the new holder passes the node over', async () => (await eventKinds()).includes('fence-skipped'));
    former.kill('SIGCONT');
    await setFrozen(machineId, false);
    const woken = await former.ended;
    const resumed = await document;

    expect(woken.exitCode, woken.stderr).toBe(9);
    expect(resumed.cluster?.state).toBe('RUNNING');
    for (const id of await listMachineIds(home)) {
      // The node's open run was the former one's, live or ended: the new holder went on with it where it could.
      const late = (await strayRuns(home, id, atMs)).filter((run) => id !== machineId || run.key !== 'packages');
      expect(late).toEqual([]);
      expect((await runsOn(home, id)).at(-1)).toMatchObject({ key: 'zookeeper', epoch: 2, end: 'exited 0' });
    }
  });
});
