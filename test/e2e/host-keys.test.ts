import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initProcess } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { listMachineIds, upperOf } from './support/machine-runs.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';

const exec = promisify(execFile);
const KEY_FILE = 'etc/ssh/ssh_host_ed25519_key';

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

/** A node whose machine is there and off, and has not been spoken to; gives the machine's id. */
async function stopAfterFirstBoot(): Promise<string> {
  const argv = ['cluster', 'create', 'bare', '--spec', 'bare/basic', '--set', 'nodeGroups.node.instanceNum=1'];
  const killed = await home.run(argv, { BDE_FAULT: 'kill@create:bare-node-0:-:after' });
  expect(killed.signal, killed.stderr).toBe('SIGKILL');
  const [machineId = ''] = await listMachineIds(home);
  const upper = upperOf(home, machineId);
  await until('the machine has taken its guest data', () => !existsSync(join(upper, 'etc/bde/guest')));
  const init = await initProcess(home, machineId);
  if (init !== undefined) process.kill(init, 'SIGKILL');
  await until('the machine is off', async () => (await initProcess(home, machineId)) === undefined);
  return machineId;
}

/** Puts another key in the place of a machine's own; gives the fingerprints of both. */
async function swapHostKey(machineId: string): Promise<readonly [own: string, other: string]> {
  const file = join(upperOf(home, machineId), KEY_FILE);
  const own = await fingerprint(file);
  const other = join(home.folder, 'other');
  await exec('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
  await copyFile(other, file);
  await copyFile(`${other}.pub`, `${file}.pub`);
  await rm(other);
  return [own, await fingerprint(file)];
}

async function fingerprint(file: string): Promise<string> {
  const { stdout } = await exec('ssh-keygen', ['-l', '-f', `${file}.pub`]);
  return stdout.split(' ')[1] ?? '';
}

describe('a node whose host key was swapped before it boots', () => {
  it('ends the operation with both fingerprints, and is sent nothing', async () => {
    const machineId = await stopAfterFirstBoot();
    const [own, other] = await swapHostKey(machineId);

    const resumed = await home.run(['cluster', 'resume', 'bare']);
    const again = await home.run(['cluster', 'exec', 'bare', '--', 'true']);

    expect(resumed.exitCode, resumed.stderr).toBe(6);
    expect(resumed.stderr).toContain('HOST_KEY_MISMATCH');
    expect(resumed.stderr).toContain(own);
    expect(resumed.stderr).toContain(other);
    expect(again.exitCode, again.stderr).toBe(255);
    expect(existsSync(join(upperOf(home, machineId), 'var/lib/bde'))).toBe(false);
    expect(await inMachine(machineId, 'ls -A /run/bde 2>&1 || true')).toContain('No such file or directory');
    expect(await listMachineIds(home)).toEqual([machineId]);
  });
});

/** What a command prints inside of a machine that bde cannot enter. */
async function inMachine(machineId: string, command: string): Promise<string> {
  const init = await initProcess(home, machineId);
  const { stdout } = await exec('nsenter', ['--target', String(init), '--mount', '--pid', '--', 'sh', '-c', command]);
  return stdout;
}
