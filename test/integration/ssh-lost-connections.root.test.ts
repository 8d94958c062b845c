import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Digest, RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { NodeLink, RunRequest } from '../../src/engine/ports/nodes.js';
import { makeSshFixture, type SshFixture } from '../contract/nodes-ssh-fixture.js';
import { startTcpProxy, type TcpProxy } from '../contract/nodes-tcp-proxy.js';
import type { ChildOrder } from './ssh-controller-child.js';
import { namesIn, textOf, until, matching } from './ssh-local-shell.js';

const RUN = '01RUNA' as RunId;

describe('runs over lost connections', () => {
  const { signal } = new AbortController();
  let childFolder: string;
  let fixture: SshFixture;
  let proxy: TcpProxy;
  let link: NodeLink;
  let go: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    const cache = join(import.meta.dirname, '../../node_modules/.cache');
    await mkdir(cache, { recursive: true });
    childFolder = await mkdtemp(join(cache, 'bde-ssh-child-'));
    await build({
      entryPoints: [join(import.meta.dirname, 'ssh-controller-child.ts')],
      outfile: join(childFolder, 'child.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      loader: { '.sh': 'text' },
    });
  });

  afterAll(() => rm(childFolder, { recursive: true }));

  beforeEach(async () => {
    fixture = await makeSshFixture({ reconnectMs: 2_000, keepaliveMs: 300 });
    proxy = await startTcpProxy(fixture.sshd.port);
    link = await fixture.nodes.connect({ ...fixture.target, port: proxy.port }, { timeoutMs: 10_000, signal });
    go = join(fixture.folder, 'go');
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    // What still waits for it may end.
    await writeFile(go, '');
    await link.close();
    await proxy.close();
    await fixture.dispose();
  });

  const state = (...names: string[]): string => join(fixture.root, 'var/lib/bde', ...names);

  /** Acts, prints `lines` lines, waits, prints as many again. */
  const waitingBody = (lines: number): string =>
    [
      'bde_gate; bde_detach',
      'echo acted >>"$BDE_DIR/acts"',
      `seq -f 'first %g' ${lines}`,
      `until [ -e ${go} ]; do sleep 0.05; done`,
      `seq -f 'second %g' ${lines}`,
    ].join('\n');

  const request = (body: string): RunRequest => ({
    runId: RUN,
    epoch: 1,
    key: 'zookeeper',
    digest: 'd1' as Digest,
    mode: 'apply',
    script: new Secret(body),
    timeoutMs: 30_000,
  });

  const numbered = (word: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);

  it('goes on where it was when TCP is cut in the middle of a run', async () => {
    const lines: string[] = [];
    const running = link.run(request(waitingBody(500)), (line) => lines.push(line), signal);
    await until(() => lines.length === 500);

    proxy.cut();
    await until(() => proxy.connections() === 2);
    await writeFile(go, '');

    expect(await running).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(lines).toEqual([...numbered('first', 500), ...numbered('second', 500)]);
    expect(await textOf(state('acts'))).toBe('acted\n');
  });

  it('notices a connection that is dead without a word, and goes on', async () => {
    const lines: string[] = [];
    const running = link.run(request(waitingBody(5)), (line) => lines.push(line), signal);
    await until(() => lines.length === 5);

    proxy.stall();
    await writeFile(go, '');

    expect(await running).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(lines).toEqual([...numbered('first', 5), ...numbered('second', 5)]);
    expect(proxy.connections()).toBe(2);
  });

  it('gives each line once though TCP is cut again and again', async () => {
    const lines: string[] = [];
    const body = 'bde_detach\nfor i in 1 2 3 4 5 6 7 8; do seq -f "$i %g" 400; sleep 0.2; done';
    const expected = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((round) => numbered(String(round), 400));
    let nextCut = 300;

    const end = await link.run(
      request(body),
      (line) => {
        lines.push(line);
        if (lines.length === nextCut) {
          nextCut += 700;
          proxy.cut();
        }
      },
      signal,
    );

    expect(end.state).toBe('exited');
    expect(lines).toEqual(expected);
    expect(proxy.connections()).toBeGreaterThan(3);
  });

  it('never starts a run whose script was cut on its way, until it comes whole', async () => {
    const filler = '# filler\n'.repeat(30_000);
    const lines: string[] = [];
    proxy.cutAfterBytes(60_000);

    const end = await link.run(
      request(`touch "$BDE_DIR/first-line"\n${filler}\necho whole`),
      (line) => lines.push(line),
      signal,
    );

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(lines).toEqual(['whole']);
    expect(proxy.connections()).toBe(2);
  });

  it('runs not one line of a script that stays cut', async () => {
    const filler = '# filler\n'.repeat(30_000);
    proxy.cutAfterBytes(60_000);

    const running = link.run(request(`touch "$BDE_DIR/first-line"\n${filler}`), () => undefined, signal);
    const failed = expect(running).rejects.toMatchObject({ code: 'CONNECT_LOST' });
    await until(() => proxy.connections() === 1 && proxy.sentBytes() > 0);
    proxy.refuse();
    await failed;

    expect(await namesIn(state())).not.toContain('first-line');
    expect(await namesIn(state('runs'))).toEqual([]);
    await until(async () => (await namesIn(join(fixture.root, 'run/bde'))).length === 0);
  });

  it('ends probing without acting when nobody listens any more', async () => {
    const body = `touch "$BDE_DIR/probing"; until [ -e ${go} ]; do sleep 0.05; done; bde_detach; touch "$BDE_DIR/acted"; echo end`;
    const running = link.run(request(body), () => undefined, signal);
    const failed = expect(running).rejects.toMatchObject({ code: 'CONNECT_LOST' });
    await until(async () => (await namesIn(state())).includes('probing'));

    proxy.refuse();
    await failed;
    await writeFile(go, '');
    await until(async () => (await namesIn(join(fixture.root, 'run/bde'))).length <= 1);

    expect(await namesIn(state('runs'))).toEqual([]);
    expect(await namesIn(state())).not.toContain('acted');
  });

  it('says that a run goes on when the node stays away', async () => {
    const lines: string[] = [];
    const running = link.run(request(waitingBody(1)), (line) => lines.push(line), signal);
    const failed = expect(running).rejects.toMatchObject({
      code: 'CONNECT_LOST',
      message: matching(
        /^demo-zk-1 was lost; run 01RUNA goes on there if it had begun to act: demo-zk-1 did not answer ssh at 127\.0\.0\.1:\d+ within 2 s: /,
      ),
    });
    await until(() => lines.length === 1);

    proxy.refuse();
    await failed;
    proxy.accept();
    await writeFile(go, '');

    expect(await link.attach(RUN, () => undefined, signal)).toMatchObject({ state: 'exited', exitCode: 0 });
  });

  it('outlives a controller that is killed, and the next one reads every line once', async () => {
    const order: ChildOrder = {
      root: fixture.root,
      target: { ...fixture.target, privateKey: fixture.login.privateOpenSsh.reveal() },
      request: { ...request(''), script: waitingBody(50) },
    };
    const child = spawn(process.execPath, [join(childFolder, 'child.mjs'), JSON.stringify(order)]);
    children.push(child);
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await until(() => printed.includes('first 50'));

    child.kill('SIGKILL');
    const found = await link.lookUp(RUN);
    const adopted = await link.fence(2, RUN);
    await writeFile(go, '');
    const lines: string[] = [];
    const end = await link.attach(RUN, (line) => lines.push(line), signal);

    expect([found, adopted, end.state]).toEqual(['live', 'live', 'exited']);
    expect(lines).toEqual([...numbered('first', 50), ...numbered('second', 50)]);
    expect(await textOf(state('acts'))).toBe('acted\n');
  });

  it('refuses to repeat a command whose connection was lost', async () => {
    const started = join(fixture.folder, 'started');
    const running = link.command([
      'sh',
      '-c',
      `echo x >>${started}; until [ -e ${go} ]; do sleep 0.05; done; touch ${go}.seen`,
    ]);
    const failed = expect(running).rejects.toMatchObject({ code: 'CONNECT_LOST' });
    await until(async () => (await textOf(started)) !== '');

    proxy.cut();
    await failed;

    expect(await textOf(started)).toBe('x\n');
    expect((await link.command(['echo', 'again'])).stdout).toBe('again\n');
    await writeFile(go, '');
    await until(async () => (await namesIn(fixture.folder)).includes('go.seen'));
  });

  it('fences once though the answer is lost', async () => {
    await link.fence(3, null);
    proxy.cut();

    expect(await link.fence(4, null)).toBe('absent');
    expect(await textOf(state('epoch'))).toBe('4 -\n');
  });
});
