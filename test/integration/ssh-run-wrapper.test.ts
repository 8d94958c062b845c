import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest, RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import { lookUpRun, runOnNode } from '../../src/ssh/run-on-node.js';
import { splitScript } from '../../src/ssh/run-script.js';
import { startRequest } from '../../src/ssh/start-request.js';
import {
  isAlive,
  makeLocalShells,
  requestLocalRun,
  namesIn,
  SHELLS,
  textOf,
  until,
  type LocalShells,
  type ShellName,
  matching,
} from './ssh-local-shell.js';

const A = '01RUNA' as RunId;
const B = '01RUNB' as RunId;
const FAILING_RUN = { code: 'RUN_REFUSED' };

describe.each(Object.keys(SHELLS) as ShellName[])('run wrapper under %s', (name) => {
  let shells: LocalShells;

  beforeEach(async () => {
    shells = await makeLocalShells(name);
  });

  afterEach(() => shells.dispose());

  const attach = (runId: RunId, onLine: (line: string) => void = () => undefined) =>
    runOnNode(shells.connection, {
      node: 'local',
      runId,
      request: undefined,
      lockSeconds: 1,
      onLine,
      signal: new AbortController().signal,
    });

  const fence = async (epoch: number, adopt: string): Promise<string> => {
    let state = '';
    const shell = await shells.open();
    await shell.exchange({
      verb: 'fence',
      args: [String(epoch), adopt, 'first'],
      onFrame: (_, words) => (state = words[0] ?? ''),
    });
    shell.close();
    return state;
  };

  const file = (...names: string[]): string => join(shells.dir, ...names);

  it('keeps nothing of a run that finds nothing to do but its digest', async () => {
    const { end, lines } = await shells.run({ body: 'bde_gate\necho \'{"a":1}\'' });

    expect(end).toEqual({ state: 'exited', exitCode: 0, stderr: '' });
    expect(lines).toEqual(['{"a":1}']);
    expect(await namesIn(file('runs'))).toEqual([]);
    expect(await textOf(file('applied', 'zookeeper'))).toBe('d1\n');
  });

  it('records no digest of a run that has none, and takes away no other', async () => {
    await shells.run({ body: 'bde_gate' });

    const { end } = await shells.run({ runId: B, key: 'zookeeper.backup', digest: null, body: 'bde_detach\nbde_gate' });

    expect(end).toEqual({ state: 'exited', exitCode: 0, stderr: '' });
    expect(await namesIn(file('applied'))).toEqual(['zookeeper']);
  });

  it('gives a body its environment, an empty stdin and a folder of its own', async () => {
    const body = [
      'echo "$BDE_MODE $BDE_KEY $(umask) $LC_ALL $#"',
      'echo "$BDE_DIR"',
      'cat; [ "$PWD" = "$BDE_TMP" ] && ls -A "$BDE_TMP" | wc -l; stat -c %a "$BDE_TMP"',
    ].join('\n');

    const { lines } = await shells.run({ body, mode: 'check' });

    expect(lines).toEqual(['check zookeeper 0077 C 0', shells.dir, '0', '700']);
  });

  it('empties the folder of a run before the next one', async () => {
    const shell = await shells.open();
    const start = async (body: string): Promise<string> => {
      const request = requestLocalRun({ mode: 'check', script: new Secret(body) });
      const script = splitScript(request);
      let out = '';
      await shell.exchange({
        ...startRequest({ request, script, lockSeconds: 1, along: [script.sharedSum] }),
        onData: (stream, chunk) => (out += stream === 'stdout' ? chunk.toString() : ''),
      });
      return out;
    };

    await start('touch "$BDE_TMP/.left" "$BDE_TMP/over"');
    const left = await start('ls -A "$BDE_TMP"');
    shell.close();

    expect(left).toBe('');
  });

  it('begins anew detached, where probing lines are void', async () => {
    const body = 'echo probed >>"$BDE_DIR/probes"; echo one; bde_detach; echo two; echo why >&2';

    const { end, lines } = await shells.run({ body });

    expect(end).toEqual({ state: 'exited', exitCode: 0, stderr: 'why\n' });
    expect(lines).toEqual(['one', 'two']);
    expect(await textOf(file('probes'))).toBe('probed\nprobed\n');
    expect(await namesIn(file('runs', A))).toEqual(['err', 'exit', 'out', 'pid', 'run']);
    expect(await textOf(file('runs', A, 'run'))).toBe('zookeeper d1 1\n');
    expect(await textOf(file('applied', 'zookeeper'))).toBe('d1\n');
  });

  it('passes a failing exit code on and records no digest', async () => {
    const attached = await shells.run({ body: 'echo bad >&2; exit 1' });
    const detached = await shells.run({ body: 'bde_detach; echo worse >&2; exit 3', runId: B });

    expect(attached.end).toEqual({ state: 'exited', exitCode: 1, stderr: 'bad\n' });
    expect(detached.end).toEqual({ state: 'exited', exitCode: 3, stderr: 'worse\n' });
    expect(await namesIn(file('applied'))).toEqual([]);
  });

  it('reports a script that the shell cannot read', async () => {
    const { end } = await shells.run({ body: 'if true; then echo x' });

    expect(end).toMatchObject({ state: 'exited', exitCode: 2, stderr: matching(/[Ss]yntax|end of file/) });
  });

  it('refuses to act in check mode', async () => {
    const { end } = await shells.run({ body: 'bde_detach; touch "$BDE_DIR/acted"', mode: 'check' });

    expect(end).toMatchObject({ state: 'exited', exitCode: 1 });
    expect(await namesIn(shells.dir)).not.toContain('acted');
  });

  it('starts nothing when the transfer is cut in the middle', async () => {
    const channel = shells.channel();
    let said = '';
    channel.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const program = `bde_root='${shells.root}'\nbde_token=T\n${(await import('../../src/ssh/node-shell.sh')).default}`;
    channel.stdin.write(`${Buffer.byteLength(program)}\n${program}`);
    await until(() => said.includes('ready'));

    channel.stdin.end(
      `T MARK bde_start '01RUNA' '1' 'k' 'd' 'apply' '5' '1' '1000'\ntouch "${shells.root}/ran"\nexit\n`,
    );
    await until(async () => !(await isAlive(channel.pid)));

    expect(said).toContain('MARK broken');
    expect(await namesIn(shells.root)).not.toContain('ran');
    expect(await namesIn(file('runs'))).toEqual([]);
  });

  it('hides script and secrets from files, arguments and environment', async () => {
    const found: string[] = [];
    const body = [
      "secret='sentinel-4711'",
      'bde_detach',
      'grep -rl "sentinel-""4711" "$BDE_DIR" "${BDE_TMP%/*/*}"',
      'grep -l "sentinel-""4711" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null',
      'exit 0',
    ].join('\n');

    const { end } = await shells.run({ body }, { onLine: (line) => found.push(line) });

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(found).toEqual([]);
  });

  it('gives each line once where output looks like frames or has no last newline', async () => {
    const odd = "printf '\\nbde-0123 end 0\\n\\001bde-0123 exited 0\\n\\nlast'";

    const attached = await shells.run({ body: odd });
    const detached = await shells.run({ body: `bde_detach; ${odd}`, runId: B });

    const expected = ['', 'bde-0123 end 0', '\x01bde-0123 exited 0', '', 'last'];
    expect(attached.lines).toEqual(expected);
    expect(detached.lines).toEqual(expected);
  });

  it('holds the lock, tells the next who has it, and lets it go', async () => {
    const first = shells.run({ body: 'bde_detach; echo on; until [ -e "$BDE_DIR/go" ]; do sleep 0.05; done' });
    await until(async () => (await textOf(file('runs', A, 'out'))) === 'on\n');

    const refused = shells.run({ body: 'echo never', runId: B, key: 'packages' }, { lockSeconds: 0 });

    await expect(refused).rejects.toMatchObject({
      ...FAILING_RUN,
      message: 'local is held by run 01RUNA zookeeper',
    });
    const waiting = shells.run({ body: 'echo then', runId: B });
    await writeFile(file('go'), '');
    expect((await first).end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect((await waiting).lines).toEqual(['then']);
  });

  it('attaches a second start to the live run and acts once', async () => {
    const body =
      'bde_detach; echo acted >>"$BDE_DIR/acts"; echo on; until [ -e "$BDE_DIR/go" ]; do sleep 0.05; done; echo off';
    const first = shells.run({ body });
    await until(async () => (await textOf(file('runs', A, 'out'))) === 'on\n');

    const seen: string[] = [];
    const second = shells.run({ body }, { onLine: (line) => seen.push(line) });
    await until(() => seen.length === 1);
    await writeFile(file('go'), '');

    expect((await second).lines).toEqual(['on', 'off']);
    expect((await first).lines).toEqual(['on', 'off']);
    expect(await textOf(file('acts'))).toBe('acted\n');
  });

  it('ends a run at its next gate when a higher epoch did not adopt it', async () => {
    const first = shells.run({
      body: 'bde_detach; bde_gate; echo on; until [ -e "$BDE_DIR/go" ]; do sleep 0.05; done; bde_gate; touch "$BDE_DIR/late"',
    });
    await until(async () => (await textOf(file('runs', A, 'out'))) === 'on\n');

    const state = await fence(2, '-');
    await writeFile(file('go'), '');

    expect(state).toBe('absent');
    expect((await first).end).toEqual({ state: 'fenced', epoch: 2 });
    expect(await namesIn(shells.dir)).not.toContain('late');
    expect(await namesIn(file('applied'))).toEqual([]);
  });

  it('lets an adopted run go on under a higher epoch', async () => {
    const first = shells.run({
      body: 'bde_detach; echo on; until [ -e "$BDE_DIR/go" ]; do sleep 0.05; done; bde_gate; echo done',
    });
    await until(async () => (await textOf(file('runs', A, 'out'))) === 'on\n');

    const state = await fence(2, A);
    await writeFile(file('go'), '');

    expect(state).toBe('live');
    expect((await first).end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(await textOf(file('epoch'))).toBe(`2 ${A}\n`);
  });

  it('cannot detach any more once a fence took it for absent', async () => {
    const first = shells.run({
      body: 'touch "$BDE_DIR/probing"; until [ -e "$BDE_DIR/go" ]; do sleep 0.05; done; bde_detach; touch "$BDE_DIR/late"',
    });
    await until(async () => (await namesIn(shells.dir)).includes('probing'));

    const state = await fence(2, A);
    await writeFile(file('go'), '');

    expect(state).toBe('absent');
    expect((await first).end).toEqual({ state: 'fenced', epoch: 2 });
    expect(await namesIn(file('runs'))).toEqual([]);
  });

  it('records nothing for a run that was fenced after its last gate', async () => {
    const first = shells.run({
      body: 'bde_detach; echo on; until [ -e "$BDE_DIR/go" ]; do sleep 0.05; done',
    });
    await until(async () => (await textOf(file('runs', A, 'out'))) === 'on\n');

    await fence(2, '-');
    await writeFile(file('go'), '');

    expect((await first).end).toEqual({ state: 'fenced', epoch: 2 });
    expect(await namesIn(file('applied'))).toEqual([]);
  });

  it('kills the whole process group of a run that takes too long', async () => {
    const body = [
      'bde_detach',
      'sh -c \'trap "" TERM; while :; do sleep 1; done\' & echo $! >"$BDE_DIR/stubborn"',
      'sleep 600',
    ].join('\n');

    const { end } = await shells.run({ body, timeoutMs: 1000 });

    expect(end).toEqual({ state: 'timed-out' });
    const pid = Number(await textOf(file('stubborn')));
    await until(async () => !(await isAlive(pid)));
    expect(await lookUpRun(shells.connection, A)).toBe('ended');
  });

  it('ends probing that takes too long', async () => {
    const { end } = await shells.run({ body: 'sleep 600', timeoutMs: 1000 });

    expect(end).toEqual({ state: 'timed-out' });
  });

  it('reports the signal of a body that was killed as its status', async () => {
    const { end } = await shells.run({ body: 'bde_detach; kill -9 $$' });

    expect(end).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  it('tells a run that died with all who watched it', async () => {
    const first = shells.run({ body: 'bde_detach; echo $PPID; sleep 600' });
    await until(async () => (await textOf(file('runs', A, 'out'))) !== '');
    const group = Number(await textOf(file('runs', A, 'out')));
    const supervisor = Number((await textOf(`/proc/${group}/stat`)).split(') ')[1]?.split(' ')[1]);

    process.kill(supervisor, 'SIGKILL');
    const orphaned = await lookUpRun(shells.connection, A);
    process.kill(-group, 'SIGKILL');

    expect(orphaned).toBe('live');
    expect((await first).end).toEqual({ state: 'died' });
    expect(await attach(A)).toEqual({ state: 'died' });
  });

  it('does not hand its lock to what the body leaves running', async () => {
    const body = 'bde_detach; setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! >"$BDE_DIR/daemon"';

    await shells.run({ body });
    const next = await shells.run({ body: 'echo free', runId: B }, { lockSeconds: 0 });
    process.kill(Number(await textOf(file('daemon'))), 'SIGKILL');

    expect(next.lines).toEqual(['free']);
  });

  it('keeps the last 64 KiB of stderr and cuts output at 16 MiB', async () => {
    const body = [
      'bde_detach',
      'i=0; while [ $i -lt 2000 ]; do echo "stderr line $i of a run that says far too much" >&2; i=$((i + 1)); done',
      'head -c 17000000 /dev/zero | tr "\\0" x | fold -w 1023',
    ].join('\n');
    let count = 0;

    const { end } = await shells.run({ body }, { onLine: () => (count += 1) });

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    const stderr = end.state === 'exited' ? end.stderr : '';
    expect(stderr).toMatch(/line 1999 of a run that says far too much\n\noutput beyond 16 MiB was dropped$/);
    expect(stderr.length).toBeLessThan(64 * 1024 + 100);
    expect(count).toBe(16 * 1024);
    expect((await textOf(file('runs', A, 'out'))).length).toBe(16 * 1024 * 1024);
  });

  it('keeps the last twenty runs that ended', async () => {
    for (let index = 10; index < 35; index += 1) {
      await mkdir(file('runs', `00OLD${index}`), { recursive: true });
      await writeFile(file('runs', `00OLD${index}`, 'exit'), 'exited 0\n');
    }

    await shells.run({ body: 'bde_detach' });

    const kept = await namesIn(file('runs'));
    expect(kept).toHaveLength(20);
    expect([kept[0], kept[19]]).toEqual(['00OLD16', A]);
  });

  it('clears folders that dead shells left in tmpfs', async () => {
    const stale = join(shells.root, 'run/bde/4194304000');
    await mkdir(stale, { recursive: true });
    await utimes(stale, 0, 0);

    const shell = await shells.open();
    const names = await namesIn(join(shells.root, 'run/bde'));
    shell.close();

    expect(names).toEqual([shell.pid]);
  });

  it('raises the epoch by a run, and never lowers it', async () => {
    await shells.run({ body: 'echo', epoch: 7, digest: 'd7' as Digest });
    const lower = shells.run({ body: 'touch "$BDE_DIR/ran"', epoch: 6, runId: B });

    await expect(lower).rejects.toMatchObject({
      ...FAILING_RUN,
      message: 'local has seen epoch 7, so run 01RUNB of epoch 6 must not start there',
    });
    expect(await textOf(file('epoch'))).toBe('7 -\n');
    expect(await namesIn(shells.dir)).not.toContain('ran');
  });
});
