import { execFileSync } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { parseRunLine } from '../../src/cookbook/parse-run-line.js';
import type { RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { NodeLink } from '../../src/engine/ports/nodes.js';
import { makeSshFixture, type SshFixture } from '../contract/nodes-ssh-fixture.js';
import { childrenOf, killQuietly, startSshd, type TestSshd } from '../contract/nodes-sshd.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { isAlive, namesIn, requestLocalRun, textOf, until } from './ssh-local-shell.js';

const MEBIBYTE = 1024 * 1024;
const RUN = '01RUNA' as RunId;

/** What goes wrong on the way: each ends clearly, and nobody else waits for it. */
describe('outcomes of runs on a node where something breaks', () => {
  let fixture: SshFixture;
  let link: NodeLink;
  const cleanUps: (() => Promise<void> | void)[] = [];
  const { signal } = new AbortController();
  const noLine = (_line: string): void => undefined;

  beforeEach(async () => {
    fixture = await makeSshFixture({ reconnectMs: 10_000, keepaliveMs: 500, lockSeconds: 5 });
    cleanUps.push(() => fixture.dispose());
    link = await connect(fixture);
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function connect({ nodes, target }: SshFixture): Promise<NodeLink> {
    const opened = await nodes.connect(target, { timeoutMs: 10_000, signal });
    cleanUps.push(() => opened.close());
    return opened;
  }

  const at = (...names: string[]): string => join(fixture.root, ...names);
  const run = (body: string, onLine = noLine, change = {}) =>
    link.run(requestLocalRun({ runId: RUN, script: new Secret(body), ...change }), onLine, signal);

  /** Ends the sshd with every session of it, as a crash does, and starts another on its port. */
  async function replaceSshd(): Promise<void> {
    await fixture.sshd.stop();
    const again: TestSshd = await startSshd({
      folder: fixture.folder,
      authorizedKey: fixture.login.publicOpenSsh,
      hostKey: fixture.host,
      port: fixture.sshd.port,
    });
    cleanUps.push(() => again.stop());
  }

  /** A small file system in place of one of the node's folders. */
  async function mountSmall(folder: string, size: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'bde-test', folder]);
    cleanUps.push(() => {
      execFileSync('umount', ['-l', folder]);
    });
  }

  it('follows the run on when sshd is killed in the middle and comes back', async () => {
    const lines: string[] = [];
    const running = run(
      `bde_detach; echo one; until [ -e ${at('go')} ]; do sleep 0.05; done; echo two`,
      (line) => void lines.push(line),
    );
    await until(() => lines.length === 1);

    await replaceSshd();
    await writeFile(at('go'), '');

    expect(await running).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(lines).toEqual(['one', 'two']);
  });

  it('says that the run died when the node did in the middle of a resource', async () => {
    const lines: string[] = [];
    const running = run(`bde_detach; echo one; sleep 600`, (line) => void lines.push(line));
    await until(() => lines.length === 1);
    const body = Number(await textOf(at('var/lib/bde/runs', RUN, 'pid')));
    const supervisor = Number((await textOf(`/proc/${body}/stat`)).split(') ')[1]?.split(' ')[1]);

    // The supervisor first: it would write how the body ended.
    killQuietly(supervisor);
    process.kill(-body, 'SIGKILL');
    await replaceSshd();

    expect(await running).toEqual({ state: 'died' });
    expect(await link.lookUp(RUN)).toBe('ended');
    expect(await run('echo again', noLine, { runId: '01RUNB' as RunId })).toMatchObject({
      state: 'exited',
      exitCode: 0,
    });
  });

  it('kills the whole process group of a run whose command hangs', async () => {
    const pids = at('pids');
    const end = await run(`bde_detach; sleep 600 & echo $! >${pids}; trap "" TERM; wait; wait`, noLine, {
      timeoutMs: 1_000,
    });

    expect(end).toEqual({ state: 'timed-out' });
    const child = Number(await textOf(pids));
    await until(async () => !(await isAlive(child)));
  });

  it('fails the resource with the words of a full disk, and leaves no half of it', async () => {
    await mountSmall(at('small'), '512k');
    const recipe = `  - file: ${at('small/large')}\n    source: large\n    owner: "${process.getuid?.() ?? 0}"\n    group: "${process.getgid?.() ?? 0}"\n`;
    const compiled = compileRun(compileInput(), [
      recipeCookbook(recipe, { 'files/large': Buffer.alloc(MEBIBYTE, 'x') }),
    ]);
    const lines: string[] = [];

    const end = await link.run(
      requestLocalRun({ ...compiled, script: new Secret(compiled.script) }),
      (line) => void lines.push(line),
      signal,
    );

    expect(end).toMatchObject({ state: 'exited', exitCode: 1 });
    expect(parseRunLine(lines.at(-1) ?? '')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('No space left on device') as string,
    });
    expect(await namesIn(at('small'))).toEqual([]);
  });

  it('refuses to start where there is no space for a script, and starts once there is', async () => {
    // The warm shell has its own folder below what is covered now; a new one sees the full file system.
    await link.close();
    await mountSmall(at('run/bde'), '64k');
    const full = at('run/bde/full');
    await writeFile(full, Buffer.alloc(48 * 1024));
    link = await connect(fixture);

    await expect(run(`# ${'x'.repeat(100_000)}`)).rejects.toMatchObject({
      code: 'NODE_FAILED',
      message: expect.stringContaining('could not take what was sent for "start"') as string,
      hint: expect.stringContaining('/run/bde') as string,
    });
    await writeFile(full, '');

    expect(await run('echo fits')).toMatchObject({ state: 'exited', exitCode: 0 });
  });

  it('survives 200 MB of output in bounded memory, whether it acts or not', async () => {
    const flood = 'head -c 200000000 /dev/zero | tr "\\0" x';
    const before = process.memoryUsage.rss();
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
    cleanUps.push(() => clearInterval(watch));

    const probing = await run(`${flood}; echo; echo end`);
    const command = await link.command(['sh', '-c', flood]);

    expect(probing).toMatchObject({
      state: 'exited',
      exitCode: 0,
      stderr: expect.stringContaining('16 MiB') as string,
    });
    expect(command.stdout).toHaveLength(MEBIBYTE);
    expect(peak - before).toBeLessThan(160 * MEBIBYTE);
  });

  it('keeps no more than 16 MiB of a flood on the node', async () => {
    const end = await run('bde_detach; head -c 60000000 /dev/zero | tr "\\0" x; echo');

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect((await stat(at('var/lib/bde/runs', RUN, 'out'))).size).toBeLessThanOrEqual(16 * MEBIBYTE);
  });

  it('goes through binary output to the lines after it', async () => {
    const lines: string[] = [];
    const end = await run(
      `bde_detach; head -c 100000 /dev/urandom; printf '\\n\\001bde-x end 0\\n'; echo '{"resource":"x","outcome":"changed","ms":1}'`,
      (line) => void lines.push(line),
    );

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(parseRunLine(lines.at(-1) ?? '')).toMatchObject({ resource: 'x', outcome: 'changed' });
    expect(lines.slice(0, -1).every((line) => parseRunLine(line) === null)).toBe(true);
  });

  it('lets other nodes finish while one hangs and another is away', async () => {
    const away = await makeSshFixture({ reconnectMs: 60_000 });
    cleanUps.push(() => away.dispose());
    const lost = await connect(away);
    const stop = new AbortController();
    for (const child of await childrenOf(away.sshd.pid)) killQuietly(child);
    await away.sshd.stop();
    const waiting = lost.run(requestLocalRun({ script: new Secret('echo') }), noLine, stop.signal).catch(() => 'gone');
    const hanging = link.command(['sleep', '600'], { signal: stop.signal }).catch(() => 'stopped');

    const other = await makeSshFixture();
    cleanUps.push(() => other.dispose());
    const end = await (await connect(other)).run(requestLocalRun({ script: new Secret('echo ok') }), noLine, signal);

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    stop.abort(new Error('enough'));
    await lost.close();
    expect(await Promise.all([hanging, waiting])).toEqual(['stopped', 'gone']);
  });
});
