import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { showCluster, type OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { dataFolder, expectNoTraces, findTraces } from './support/host-traces.js';
import { listMachineIds, runsOn, untilPackagesInstall, upperOf } from './support/machine-runs.js';
import { powerCut } from './support/power-cut.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';

const exec = promisify(execFile);
const ONE_BARE = ['--spec', 'bare/basic', '--set', 'nodeGroups.node.instanceNum=1'];
const ONE_ZOOKEEPER = ['--spec', 'zookeeper/basic', '--set', 'nodeGroups.zookeeper.instanceNum=1'];

let project: Project;
let home: Home;

beforeAll(async () => {
  project = await buildProject();
  home = await newHome(project);
});

afterEach(async () => {
  await home.run(['cluster', 'delete', 'broken', '--yes']);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

describe('a machine whose sshd never comes up', () => {
  it('is replaced by a fresh one', async () => {
    const argv = ['cluster', 'create', 'broken', ...ONE_BARE];
    await home.run(argv, { BDE_FAULT: 'kill@create:broken-node-0:-:after' });
    const [machineId = ''] = await listMachineIds(home);
    await until('it has taken its guest data', () => !existsSync(join(upperOf(home, machineId), 'etc/bde/guest')));
    await powerCut(home, machineId);
    await writeFile(join(upperOf(home, machineId), 'etc/ssh/sshd_config'), 'NoSuchOption yes\n');

    const resumed = await home.json<OperationDocument>(['cluster', 'resume', 'broken'], {
      BDE_MACHINE_UP_SECONDS: '20',
    });

    const { events } = await home.json<{ events: readonly { kind: string }[] }>(['cluster', 'events', 'broken']);
    expect(resumed.cluster?.state).toBe('RUNNING');
    expect(resumed.cluster?.nodes.map((node) => node.machine?.generation)).toEqual([2]);
    expect(events.filter(({ kind }) => kind === 'machine-replaced')).toHaveLength(1);
    expect(await listMachineIds(home)).not.toContain(machineId);
  });

  it('ends create with 5 when no replacement comes up either; resume goes on', async () => {
    const argv = ['cluster', 'create', 'broken', ...ONE_BARE];

    const created = await home.run(argv, { BDE_MACHINE_UP_SECONDS: '0.05' });
    const resumed = await home.json<OperationDocument>(['cluster', 'resume', 'broken']);

    expect(created.exitCode, created.stderr).toBe(5);
    expect(created.stderr).toContain('MACHINE_NEVER_UP');
    expect(created.stderr).toContain('on 3 machines in turn');
    expect(resumed.cluster?.state).toBe('RUNNING');
    expect((await findTraces(home.key, home.path)).machines).toHaveLength(1);
  });
});

describe('a node that loses power in the middle of a recipe', () => {
  it('ends create with an error that names it; resume starts it and goes on', async () => {
    const creating = home.start(['cluster', 'create', 'broken', ...ONE_ZOOKEEPER]);
    const { machineId } = await untilPackagesInstall(home);
    await powerCut(home, machineId);

    const { exitCode, stderr } = await creating.ended;
    const resumed = await home.json<OperationDocument>(['cluster', 'resume', 'broken']);

    expect([6, 7], stderr).toContain(exitCode);
    expect(stderr).toContain('broken-zookeeper-0');
    expect(resumed.cluster?.state).toBe('RUNNING');
    const packages = (await runsOn(home, machineId)).filter((run) => run.key === 'packages');
    expect(packages.at(-1)?.end).toBe('exited 0');
  });
});

describe('a machine that cannot be removed', () => {
  it('is listed by delete, with where it is and what to do; with the cause removed, delete ends', async () => {
    await home.json(['cluster', 'create', 'broken', ...ONE_BARE]);
    const [machineId = ''] = await listMachineIds(home);
    const file = join(upperOf(home, machineId), 'root/held');
    await writeFile(file, '');
    await exec('chattr', ['+i', file]);

    const refused = await home.run(['cluster', 'delete', 'broken', '--yes']);
    const state = (await showCluster(home, 'broken')).state;
    await exec('chattr', ['-i', file]);
    const deleted = await home.run(['cluster', 'delete', 'broken', '--yes']);

    const folder = join(dataFolder(home.key), 'machines', machineId);
    expect(refused.exitCode, refused.stderr).toBe(5);
    expect(refused.stderr).toContain(`folder ${folder} on `);
    expect(refused.stderr).toContain(`rm -rf --one-file-system -- ${folder}`);
    expect(state).toBe('DELETING');
    expect(deleted.exitCode, deleted.stderr).toBe(0);
    await expectNoTraces(home);
  });
});

describe('a host whose disk is full', () => {
  it('refuses data disks that can never fit, before anything is made', async () => {
    const disks = ['--set', 'nodeGroups.node.storage={"type":"LOCAL","sizeGB":900000}'];

    const { exitCode, stderr } = await home.run(['cluster', 'create', 'broken', ...ONE_BARE, ...disks]);

    expect(exitCode, stderr).toBe(4);
    expect(stderr).toMatch(/ask for 921600000 MiB, \d+ MiB are free .*: short by \d+ MiB/);
    expect(await home.json(['cluster', 'list'])).toEqual({ formatVersion: 1, clusters: [] });
    await expectNoTraces(home);
  });

  it('says so when space runs out under way; with more of it, resume goes on', async () => {
    const full = await newHome(project);
    const folder = dataFolder(full.key);
    await mkdir(folder, { recursive: true });
    await exec('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
    try {
      const { exitCode, stderr } = await full.run(['cluster', 'create', 'broken', ...ONE_BARE]);
      await exec('umount', [folder]);
      const resumed = await full.json<OperationDocument>(['cluster', 'resume', 'broken']);

      expect(exitCode, stderr).toBe(5);
      expect(stderr).toMatch(/no space left on device/i);
      expect(resumed.cluster?.state).toBe('RUNNING');
    } finally {
      await exec('umount', [folder]).catch(() => undefined);
      await full.dispose();
    }
  });
});

describe('twenty machines at once', () => {
  it('come up, each with a name and an address of its own', async () => {
    const argv = ['cluster', 'create', 'broken', '--spec', 'bare/basic', '--set', 'nodeGroups.node.instanceNum=20'];

    const created = await home.json<OperationDocument>(argv);

    expect(created.cluster?.state).toBe('RUNNING');
    expect(new Set(created.cluster?.nodes.map((node) => node.address)).size).toBe(20);
    expect((await showCluster(home, 'broken')).nodes.every((node) => node.machine?.state === 'on')).toBe(true);
  });
});
