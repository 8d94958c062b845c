import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeShell, ShellRequest } from '../../src/ssh/node-shell.js';
import {
  isAlive,
  makeLocalShells,
  namesIn,
  SHELLS,
  until,
  type LocalShells,
  type ShellName,
  matching,
} from './ssh-local-shell.js';

interface Answer {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

async function ask(shell: NodeShell, request: ShellRequest): Promise<Answer> {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const status = await shell.exchange({ ...request, onData: (stream, chunk) => chunks[stream].push(chunk) });
  return { status, stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr).toString() };
}

const command = (...argv: string[]): ShellRequest => ({ verb: 'command', args: ['-', '-', ...argv] });

describe.each(Object.keys(SHELLS) as ShellName[])('node shell under %s', (name) => {
  let shells: LocalShells;
  let shell: NodeShell;

  beforeEach(async () => {
    shells = await makeLocalShells(name);
    shell = await shells.open();
  });

  afterEach(() => shells.dispose());

  it('passes any string to a command as it is', async () => {
    const words = fc.array(
      fc.string({ unit: 'grapheme' }).map((word) => word.replaceAll('\0', '')),
      { minLength: 1 },
    );

    await fc.assert(
      fc.asyncProperty(words, async (argv) => {
        const { stdout } = await ask(shell, command('printf', '%s\\0', ...argv));

        expect(stdout.toString().split('\0').slice(0, -1)).toEqual(argv);
      }),
      { numRuns: 60, examples: [[["it's\n$(x)`y`\\"]], [['\n', '', '-n', '\r', '*', '\x01\x7f\u0081']]] },
    );
  });

  it('misses a tool where none of its kind is there', async () => {
    const tools = ['sh', 'no-such-tool/cat', 'no-such-tool/nor-this', 'nor-that'];

    const { stdout } = await ask(shell, { verb: 'hello', args: tools });

    expect(stdout.toString().match(/^missing .*/gm)).toEqual(['missing no-such-tool/nor-this', 'missing nor-that']);
  });

  it('keeps streams and status of commands apart', async () => {
    const answer = await ask(shell, command('sh', '-c', 'echo out; echo err >&2; exit 3'));

    expect([answer.status, answer.stdout.toString(), answer.stderr]).toEqual([3, 'out\n', 'err\n']);
  });

  it('passes binary output and input through byte for byte', async () => {
    const payload = randomBytes(300_000);

    const answer = await ask(shell, { verb: 'command', args: [String(payload.length), '-', 'cat'], payload });

    expect(answer.stdout.equals(payload)).toBe(true);
  });

  it('gives a command nothing of the channel to read', async () => {
    const first = await ask(shell, command('cat'));
    const second = await ask(shell, { verb: 'command', args: ['6', '-', 'true'], payload: Buffer.from('unread') });
    const third = await ask(shell, command('echo', 'still here'));

    expect([first.stdout.length, second.status, third.stdout.toString()]).toEqual([0, 0, 'still here\n']);
  });

  it('keeps late output of an earlier command out of the next answer', async () => {
    const late = join(shells.root, 'late');
    await ask(shell, command('sh', '-c', `(until [ -e ${late} ]; do sleep 0.02; done; echo noise; touch ${late}.2) &`));
    await writeFile(late, '');
    await until(async () => (await namesIn(shells.root)).includes('late.2'));

    const answer = await ask(shell, command('echo', 'signal'));

    expect(answer.stdout.toString()).toBe('signal\n');
  });

  it('kills the process group of a command through another shell', async () => {
    const pidFile = join(shells.root, 'pid');
    const running = ask(shell, command('sh', '-c', `trap "" TERM; echo $$ >${pidFile}; while :; do sleep 1; done`));
    await until(async () => (await readFile(pidFile, 'utf8').catch(() => '')) !== '');

    const other = await shells.open();
    await ask(other, { verb: 'kill', args: [shell.pid] });

    expect((await running).status).toBe(137);
    expect(await isAlive(Number(await readFile(pidFile, 'utf8')))).toBe(false);
  });

  it('ends a command by the limit that the node itself keeps', async () => {
    const children = join(shells.root, 'child');

    const { status } = await ask(shell, {
      verb: 'command',
      args: ['-', '1', 'sh', '-c', `sleep 600 & echo $! >${children}; wait`],
    });

    expect(status).toBe(137);
    const child = Number(await readFile(children, 'utf8'));
    await until(async () => !(await isAlive(child)));
  });

  it('sets the mode of a file before its content and leaves no other file', async () => {
    const path = join(shells.root, 'etc/x', `a b'c`);
    const payload = Buffer.from('content');

    const { status } = await ask(shell, { verb: 'write', args: [path, '4750', '7'], payload });

    expect([status, await readFile(path, 'utf8')]).toEqual([0, 'content']);
    expect((await stat(path)).mode & 0o7777).toBe(0o4750);
    expect(await namesIn(join(shells.root, 'etc/x'))).toEqual([`a b'c`]);
  });

  it('reports a file that cannot take its name and goes on', async () => {
    const path = join(shells.root, 'folder');
    await mkdir(path);

    const failed = await ask(shell, { verb: 'write', args: [path, '644', '1'], payload: Buffer.from('x') });
    const next = await ask(shell, command('echo', 'on'));

    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/folder/);
    expect(next.stdout.toString()).toBe('on\n');
  });

  it('never runs a payload that it could not store', async () => {
    await writeFile(join(shells.root, 'file'), '');
    const payload = Buffer.from(`touch ${shells.root}/ran\n`.repeat(1000));
    const path = join(shells.root, 'file/below');

    const failing = ask(shell, { verb: 'write', args: [path, '644', String(payload.length)], payload });

    await expect(failing).rejects.toMatchObject({ code: 'NODE_FAILED' });
    expect(shell.isUsable()).toBe(false);
    expect(await namesIn(shells.root)).not.toContain('ran');
  });

  it('ends when the channel does and takes its folder along', async () => {
    shell.close();

    await until(async () => (await namesIn(join(shells.root, 'run/bde'))).length === 0);
    await expect(ask(shell, command('true'))).rejects.toMatchObject({ code: 'CONNECT_LOST' });
  });

  it('says why it cannot start', async () => {
    const broken = await makeLocalShells(name);
    await writeFile(broken.root, 'a file where folders should be');

    await expect(broken.open()).rejects.toMatchObject({
      code: 'NODE_FAILED',
      message: matching(/^local could not take what was sent for "start": .*[Nn]ot a directory/),
    });
    await broken.dispose();
  });

  it('ends the exchange with the error that a callback throws', async () => {
    const failing = shell.exchange({
      ...command('echo', 'x'),
      onData() {
        throw new Error('caller');
      },
    });

    await expect(failing).rejects.toThrow('caller');
  });
});
