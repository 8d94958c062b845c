import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { execEverywhere, showCluster, type OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { processesInMachines, runsOn, untilPackagesInstall, type KeptRun } from './support/machine-runs.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';

const ONE_NODE = ['--spec', 'zookeeper/basic', '--set', 'nodeGroups.zookeeper.instanceNum=1'];

let project: Project;
let home: Home;

beforeAll(async () => {
  project = await buildProject();
  home = await newHome(project);
});

afterEach(async () => {
  await home.run(['cluster', 'delete', 'zk', '--yes']);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

function startCreate(env: Readonly<Record<string, string>> = {}) {
  return home.start(['cluster', 'create', 'zk', ...ONE_NODE], env);
}

async function packageRuns(machineId: string): Promise<readonly KeptRun[]> {
  return (await runsOn(home, machineId)).filter((run) => run.key === 'packages');
}

/** Lines of dnf's own record of what it did. */
async function transactions(): Promise<readonly string[]> {
  const [text = ''] = Object.values(await execEverywhere(home, 'zk', ['dnf', '-q', 'history', 'list']));
  return text.split('\n').filter((line) => /^\s*\d+ /.test(line));
}

describe('a controller that is killed while dnf runs on a node', () => {
  it('leaves a transaction that ends well, and resume attaches to it', async () => {
    const creating = startCreate();
    const { machineId } = await untilPackagesInstall(home);
    creating.kill('SIGKILL');
    await creating.ended;
    const [begun] = await packageRuns(machineId);

    const resumed = await home.json<OperationDocument>(['cluster', 'resume', 'zk']);

    expect(resumed.cluster?.state).toBe('RUNNING');
    expect(await packageRuns(machineId)).toEqual([{ ...begun, end: 'exited 0' }]);
    expect(await transactions()).toHaveLength(1);
  });
});

describe('a connection that ends while dnf runs on a node', () => {
  it('is made again, and the run is followed to its end', async () => {
    const creating = startCreate();
    const { machineId } = await untilPackagesInstall(home);
    const [begun] = await packageRuns(machineId);
    const sessions = await processesInMachines(home, /^sshd: root/);
    for (const { pid } of sessions) process.kill(pid, 'SIGKILL');

    const { exitCode, stderr } = await creating.ended;

    expect(sessions.length).toBeGreaterThan(0);
    expect(exitCode, stderr).toBe(0);
    expect(await packageRuns(machineId)).toEqual([{ ...begun, end: 'exited 0' }]);
    expect(await transactions()).toHaveLength(1);
  });
});

describe('a mirror whose process is killed while dnf runs on a node', () => {
  it('is said or made good, and is back for a resume', async () => {
    const creating = startCreate();
    await untilPackagesInstall(home);
    const { mirror } = await home.json<{ mirror: { pid: number } | null }>(['repo', 'list']);
    process.kill(mirror!.pid, 'SIGKILL');

    const { exitCode, stderr } = await creating.ended;
    const resumed = await home.json<OperationDocument>(['cluster', 'resume', 'zk']);

    // dnf may have had all that it needed by then.
    if (exitCode !== 0) {
      expect(exitCode, stderr).toBe(7);
      expect(stderr).toMatch(
        /packages\[node\] of packages on zk-zookeeper-0 failed: .*(Failed to download|Could ?n.t connect|Curl error)/,
      );
    }
    expect(resumed.cluster?.state).toBe('RUNNING');
  });
});

describe('Ctrl-C while dnf runs on a node', () => {
  it('lets it end, starts nothing more, and ends with 130; resume goes on', async () => {
    const creating = startCreate();
    const { machineId } = await untilPackagesInstall(home);
    creating.kill('SIGINT');

    const { exitCode, stderr } = await creating.ended;
    const runs = await runsOn(home, machineId);
    const stopped = await showCluster(home, 'zk');
    const resumed = await home.json<OperationDocument>(['cluster', 'resume', 'zk']);

    expect(exitCode, stderr).toBe(130);
    expect(stderr).toContain('bde cluster resume');
    expect(runs.map(({ key, end }) => [key, end])).toEqual([
      ['basic', 'exited 0'],
      ['packages', 'exited 0'],
    ]);
    expect(stopped.operation?.state).toBe('interrupted');
    expect(resumed.cluster?.state).toBe('RUNNING');
  });

  it('twice stops at once, and resume attaches to what goes on', async () => {
    const creating = startCreate();
    const { machineId } = await untilPackagesInstall(home);
    const [begun] = await packageRuns(machineId);
    creating.kill('SIGINT');
    await until('it says that it stops', () => creating.printed().includes('Ctrl-C'));
    creating.kill('SIGINT');

    const { exitCode, stderr } = await creating.ended;
    const resumed = await home.json<OperationDocument>(['cluster', 'resume', 'zk']);

    expect(exitCode, stderr).toBe(130);
    expect(resumed.cluster?.state).toBe('RUNNING');
    expect(await packageRuns(machineId)).toEqual([{ ...begun, end: 'exited 0' }]);
  });
});
