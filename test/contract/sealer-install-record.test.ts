import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClusterId } from '../../src/errors/ids.js';
import { encodeEnvelope } from '../../src/identity/cluster-record.js';
import { recordInstallCommand } from '../../src/identity/record-commands.js';

interface Number {
  readonly epoch: number;
  readonly count: number;
}

let folder: string;
let record: string;
let running: ChildProcess[];
let busyboxTools: string;

beforeAll(() => {
  // Busybox for every tool that it has; Debian's lacks flock.
  busyboxTools = mkdtempSync(join(tmpdir(), 'bde-busybox-'));
  for (const tool of ['sh', 'mkdir', 'cat', 'head', 'tail', 'sed', 'rm', 'mv', 'sync']) {
    symlinkSync(which('busybox'), join(busyboxTools, tool));
  }
  symlinkSync(which('flock'), join(busyboxTools, 'flock'));
});
afterAll(() => rmSync(busyboxTools, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bde-record-'));
  record = join(folder, 'lib', 'record');
  running = [];
});
afterEach(async () => {
  for (const child of running) await kill(child);
  rmSync(folder, { recursive: true });
});

describe.each(['dash', 'bash', 'busybox'] as const)('install-record.sh under %s', (shell) => {
  it('installs a first record for root alone and leaves nothing else', async () => {
    const end = await install(shell, { epoch: 1, count: 0 });

    expect(end).toEqual({ exitCode: 0, stdout: 'installed\n', stderr: '' });
    expect(numberThere()).toEqual({ epoch: 1, count: 0 });
    expect(statSync(join(record, 'current')).mode & 0o777).toBe(0o600);
    expect(statSync(record).mode & 0o777).toBe(0o700);
    expect(readdirSync(record).sort()).toEqual(['current', 'lock']);
  });

  it('replaces a lower number and an equal one', async () => {
    await install(shell, { epoch: 1, count: 9 });

    const ends = [await install(shell, { epoch: 2, count: 0 }), await install(shell, { epoch: 2, count: 0 })];

    expect(ends.map((end) => end.stdout)).toEqual(['installed\n', 'installed\n']);
    expect(numberThere()).toEqual({ epoch: 2, count: 0 });
  });

  it.each([
    { epoch: 1, count: 99 },
    { epoch: 2, count: 9 },
  ])('keeps the higher number against %o', async (lower) => {
    await install(shell, { epoch: 2, count: 10 });

    const end = await install(shell, lower);

    expect(end).toEqual({ exitCode: 3, stdout: 'kept 2 10\n', stderr: '' });
    expect(numberThere()).toEqual({ epoch: 2, count: 10 });
    expect(readdirSync(record).sort()).toEqual(['current', 'lock']);
  });

  it('replaces the record of a cluster that the node has left', async () => {
    await install(shell, { epoch: 9, count: 9 }, { clusterId: 'OLD' });

    const end = await install(shell, { epoch: 1, count: 0 });

    expect(end.stdout).toBe('installed\n');
    expect(numberThere()).toEqual({ epoch: 1, count: 0 });
  });

  it('replaces what is no record', async () => {
    mkdirSync(record, { recursive: true });
    writeFileSync(join(record, 'current'), 'half a rec');

    const end = await install(shell, { epoch: 1, count: 0 });

    expect(end.stdout).toBe('installed\n');
  });

  it.each([1, 2, 60, 900])('refuses a record that lacks its last %i bytes', async (missing) => {
    await install(shell, { epoch: 1, count: 0 });

    const end = await install(shell, { epoch: 2, count: 0 }, { cut: missing });

    expect(end).toEqual({ exitCode: 1, stdout: '', stderr: 'bde-install-record: the record is not whole\n' });
    expect(numberThere()).toEqual({ epoch: 1, count: 0 });
    expect(readdirSync(record).sort()).toEqual(['current', 'lock']);
  });

  it('refuses a record that bears another number than said', async () => {
    const end = await install(shell, { epoch: 2, count: 0 }, { said: { epoch: 2, count: 1 } });

    expect(end.stderr).toBe('bde-install-record: the record does not bear the number 2 1\n');
    expect(existsSync(join(record, 'current'))).toBe(false);
  });

  it('ends with the highest number where many install at once', async () => {
    const counts = [3, 9, 1, 7, 5, 8, 2, 6, 4, 0];

    const ends = await Promise.all(counts.map((count) => install(shell, { epoch: 1, count })));

    expect(ends.every((end) => end.exitCode === 0 || end.exitCode === 3)).toBe(true);
    expect(numberThere()).toEqual({ epoch: 1, count: 9 });
    expect(readdirSync(record).sort()).toEqual(['current', 'lock']);
  });

  it('is not held off by a controller that stopped sending', async () => {
    const frozen = start(shell, { epoch: 1, count: 0 });
    frozen.stdin?.write('{"formatVersion":1,');
    await receiving(frozen);

    const end = await install(shell, { epoch: 2, count: 0 });

    expect(end.stdout).toBe('installed\n');
    expect(frozen.exitCode).toBeNull();
  });

  it('removes what a killed install left behind', async () => {
    const killed = start(shell, { epoch: 1, count: 0 });
    killed.stdin?.write('{"formatVersion":1,');
    await receiving(killed);
    await kill(killed);

    await install(shell, { epoch: 2, count: 0 });

    expect(readdirSync(record).sort()).toEqual(['current', 'lock']);
  });
});

function envelope({ epoch, count }: Number, clusterId = '01C1'): Buffer {
  // Longer than a pipe holds, as a real one is.
  const sealed = 'x\n'.repeat(60_000);
  return encodeEnvelope({
    formatVersion: 1,
    clusterId: clusterId as ClusterId,
    epoch,
    count,
    sealed,
    signature: 'c2ln',
  });
}

interface Options {
  readonly clusterId?: string;
  /** So many bytes do not arrive. */
  readonly cut?: number;
  readonly said?: Number;
}

async function install(shell: string, number: Number, { clusterId, cut = 0, said = number }: Options = {}) {
  const bytes = envelope(number, clusterId);
  const child = start(shell, said);
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  child.stdin?.end(bytes.subarray(0, bytes.length - cut));
  await once(child, 'close');
  return { exitCode: child.exitCode, ...output };
}

/** The command as a node gets it, with the shell and the folder of the test. */
function start(shell: string, number: Number): ChildProcess {
  const [, ...command] = recordInstallCommand(number).slice(0, -1);
  const isBusybox = shell === 'busybox';
  const child = spawn(isBusybox ? join(busyboxTools, 'sh') : shell, [...command, record], {
    env: isBusybox ? { PATH: busyboxTools } : process.env,
  });
  running.push(child);
  return child;
}

function numberThere(): Number {
  const { epoch, count } = JSON.parse(readFileSync(join(record, 'current'), 'utf8')) as Number;
  return { epoch, count };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function receiving(child: ChildProcess): Promise<void> {
  const incoming = join(record, `incoming.${child.pid ?? 0}`);
  await vi.waitFor(() => expect(existsSync(incoming)).toBe(true), { timeout: 10_000 });
}

function which(tool: string): string {
  return execFileSync('sh', ['-c', `command -v ${tool}`])
    .toString()
    .trim();
}
