import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterDescription } from '../../src/cli/services/describe-cluster.js';
import type { OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { listMachineIds, runsOn, untilPackagesInstall, upperOf, type KeptRun } from './support/machine-runs.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';

/** Short, so that a test need not wait for half a minute; long enough for a busy host to renew it. */
const LEASE = { BDE_LEASE_SECONDS: '10' };

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

/** Takes the cluster over as soon as that is allowed: the command is refused while the lease of the frozen one lasts. */
async function takeOver(): Promise<{ readonly atMs: number; readonly document: Promise<OperationDocument> }> {
  return until('the lease runs out', async () => {
    const running = home.start(['cluster', 'resume', 'zk', '--json'], LEASE);
    const first = await Promise.race([running.ended, until('it has the lease', () => epochAbove(1))]);
    if (typeof first === 'object') {
      expect(first.exitCode, first.stdout).toBe(9);
      return undefined;
    }
    const document = running.ended.then(({ exitCode, stdout, stderr }) => {
      expect(exitCode, stderr).toBe(0);
      return JSON.parse(stdout) as OperationDocument;
    });
    return { atMs: Date.now(), document };
  });
}

async function epochAbove(epoch: number): Promise<boolean> {
  return (await home.json<ClusterDescription>(['cluster', 'show', 'zk'])).epoch > epoch;
}

/** The run of the former holder that the new one went on with. */
async function adoptedOn(machineId: string): Promise<string | undefined> {
  const [, adopted] = (await readFile(join(upperOf(home, machineId), 'var/lib/bde/epoch'), 'utf8')).trim().split(' ');
  return adopted;
}

/** Runs of the former holder that nobody adopted, and that wrote something after the take-over. */
async function strayRuns(machineId: string, takenOverAtMs: number): Promise<readonly KeptRun[]> {
  const adopted = await adoptedOn(machineId);
  const strays: KeptRun[] = [];
  for (const run of await runsOn(home, machineId)) {
    const out = await stat(join(upperOf(home, machineId), 'var/lib/bde/runs', run.id, 'out'));
    if (run.epoch === 1 && run.id !== adopted && out.mtimeMs > takenOverAtMs) strays.push(run);
  }
  return strays;
}

describe('a controller that was frozen past its lease', () => {
  it('ends with 9 when it wakes, and only adopted runs of it go on', async () => {
    const frozen = home.start(['cluster', 'create', 'zk', '--spec', 'zookeeper/basic'], LEASE);
    await untilPackagesInstall(home);
    frozen.kill('SIGSTOP');

    const { atMs, document } = await takeOver();
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
      expect(await strayRuns(machineId, atMs)).toEqual([]);
      expect(runs.filter((run) => run.key === 'packages').map((run) => run.end)).toEqual(['exited 0']);
      expect(runs.at(-1)).toMatchObject({ key: 'zookeeper', epoch: 2, end: 'exited 0' });
    }
  });
});
