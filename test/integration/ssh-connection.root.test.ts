import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Digest, RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { NodeLink } from '../../src/engine/ports/nodes.js';
import { makeSshFixture, type SshFixture } from '../contract/nodes-ssh-fixture.js';
import { findFreePort, startSshd } from '../contract/nodes-sshd.js';
import { isAlive, textOf, until, matching } from './ssh-local-shell.js';

describe('connections over ssh', () => {
  const { signal } = new AbortController();
  const cleanUps: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function makeFixture(options: Parameters<typeof makeSshFixture>[0] = {}): Promise<SshFixture> {
    const fixture = await makeSshFixture(options);
    cleanUps.push(() => fixture.dispose());
    return fixture;
  }

  async function connect(fixture: SshFixture, target = fixture.target): Promise<NodeLink> {
    const link = await fixture.nodes.connect(target, { timeoutMs: 15_000, signal });
    cleanUps.push(() => link.close());
    return link;
  }

  it('names both fingerprints of a host key that does not match, and sends nothing', async () => {
    const fixture = await makeFixture();
    const pinned =
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKDWqpHfhsyP0yhn3dV0bPZTkg08mPqSSrgGG3dpBDxb made for the machine before';

    const connecting = connect(fixture, { ...fixture.target, hostKey: pinned });

    await expect(connecting).rejects.toMatchObject({
      code: 'HOST_KEY_MISMATCH',
      subject: { node: 'demo-zk-1' },
      message: matching(
        /^demo-zk-1 at 127\.0\.0\.1:\d+ shows host key SHA256:\S{43}, but SHA256:\S{43} was made for it; nothing was sent$/,
      ),
    });
    expect(await fixture.sshd.log()).not.toMatch(/Accepted|Starting session|Failed publickey/);
  });

  it('refuses a host key of another type by its fingerprint', async () => {
    const fixture = await makeFixture();
    const pinned = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQC7';

    await expect(connect(fixture, { ...fixture.target, hostKey: pinned })).rejects.toMatchObject({
      code: 'HOST_KEY_MISMATCH',
    });
  });

  it('ends at once when the login is refused', async () => {
    const fixture = await makeFixture();
    const privateKey = fixture.nodes.generateKeyPair('stranger').privateOpenSsh;

    await expect(connect(fixture, { ...fixture.target, privateKey })).rejects.toMatchObject({
      code: 'LOGIN_REFUSED',
      message: matching(/^demo-zk-1 at 127\.0\.0\.1:\d+ refused the cluster key for user \S+$/),
    });
    expect((await fixture.sshd.log()).match(/Connection from/g)).toHaveLength(2);
  });

  it('refuses a login key that is no OpenSSH key', async () => {
    const fixture = await makeFixture();

    await expect(connect(fixture, { ...fixture.target, privateKey: new Secret('garbage') })).rejects.toMatchObject({
      code: 'STATE_INVALID',
      message: 'the key recorded for logging in to demo-zk-1 is no OpenSSH private key',
    });
  });

  it('waits for a machine whose sshd comes up later', async () => {
    const fixture = await makeFixture();
    const port = await findFreePort();
    const connecting = connect(fixture, { ...fixture.target, port });

    const later = await startSshd({
      folder: join(fixture.folder, 'later'),
      authorizedKey: fixture.login.publicOpenSsh,
      hostKey: fixture.host,
      port,
    });
    cleanUps.push(() => later.stop());

    expect(await (await connecting).lookUp('X' as RunId)).toBe('absent');
  });

  it('says what the last attempt ran into when time is over', async () => {
    const fixture = await makeFixture();
    const port = await findFreePort();

    const connecting = fixture.nodes.connect({ ...fixture.target, port }, { timeoutMs: 300, signal });

    await expect(connecting).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: `demo-zk-1 did not answer ssh at 127.0.0.1:${port} within 0.3 s: connection refused`,
    });
  });

  it('gives up on a server that accepts and never speaks', async () => {
    const fixture = await makeFixture();
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    cleanUps.push(async () => void silent.close());
    const { port } = silent.address() as AddressInfo;

    const connecting = fixture.nodes.connect({ ...fixture.target, port }, { timeoutMs: 400, signal });

    await expect(connecting).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
  });

  it.each(['sleep 600', 'echo This account is not available'])(
    'gives up on a login shell that does %j',
    async (forceCommand) => {
      const fixture = await makeFixture({ forceCommand });

      const connecting = fixture.nodes.connect(fixture.target, { timeoutMs: 1000, signal });

      await expect(connecting).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    },
  );

  it('stops trying when aborted', async () => {
    const fixture = await makeFixture();
    const abort = new AbortController();
    const target = { ...fixture.target, port: await findFreePort() };

    const connecting = fixture.nodes.connect(target, { timeoutMs: 60_000, signal: abort.signal });
    abort.abort(new Error('Ctrl-C'));

    await expect(connecting).rejects.toThrow('Ctrl-C');
  });

  it('runs 40 commands side by side on one connection', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);
    const numbers = Array.from({ length: 40 }, (_, index) => String(index));

    const results = await Promise.all(numbers.map((number) => link.command(['echo', number])));

    expect(results.map((result) => result.stdout.trim())).toEqual(numbers);
    expect((await fixture.sshd.log()).match(/Accepted publickey/g)).toHaveLength(1);
  });

  it('lives with a server that allows two channels only', async () => {
    const fixture = await makeFixture({ maxSessions: 2 });
    const link = await connect(fixture);
    const numbers = Array.from({ length: 12 }, (_, index) => String(index));

    const results = await Promise.all(numbers.map((number) => link.command(['echo', number])));

    expect(results.map((result) => result.stdout.trim())).toEqual(numbers);
  });

  it('answers a fence while long commands fill every other place', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);
    const commands = Array.from({ length: 12 }, () => link.command(['sleep', '600'], { timeoutMs: 1500 }));

    const state = await link.fence(1, null);

    expect(state).toBe('absent');
    const results = await Promise.all(commands);
    expect(results.every((result) => result.timedOut && result.exitCode === null)).toBe(true);
  });

  it('keeps a mebibyte of each stream and drops the rest', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);
    let seen = 0;

    const result = await link.command(['sh', '-c', 'head -c 10000000 /dev/zero; head -c 2000000 /dev/zero >&2'], {
      onOutput: (_, chunk) => (seen += chunk.length),
    });

    expect([result.exitCode, result.stdout.length, result.stderr.length, seen]).toEqual([
      0, 1048576, 1048576, 12000000,
    ]);
  });

  it('hands stdin over whole, a secret too, and shows it nowhere', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);
    const secret = randomBytes(20).toString('hex');
    const script =
      'read -r s; grep -l "$s" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; printf %s "$s" | wc -c';

    const result = await link.command(['sh', '-c', script], { stdin: new Secret(`${secret}\n`) });

    expect(result.stdout).toBe('40\n');
  });

  it('kills a command and its children when time is over', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);
    const pidFile = join(fixture.folder, 'pid');

    const result = await link.command(['sh', '-c', `sleep 600 & echo $! >${pidFile}; wait`], { timeoutMs: 500 });

    expect(result).toMatchObject({ exitCode: null, signal: 'SIGTERM', timedOut: true });
    expect(await isAlive(Number(await textOf(pidFile)))).toBe(false);
    expect((await link.command(['echo', 'next'])).stdout).toBe('next\n');
  });

  it('reports the signal that ended a command', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);

    const result = await link.command(['sh', '-c', 'kill -9 $$']);

    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
  });

  it('kills a command that is aborted and gives the reason', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);
    const pidFile = join(fixture.folder, 'pid');
    const abort = new AbortController();

    const running = link.command(['sh', '-c', `echo $$ >${pidFile}; exec sleep 600`], { signal: abort.signal });
    await until(async () => (await textOf(pidFile)) !== '');
    abort.abort(new Error('Ctrl-C'));

    await expect(running).rejects.toThrow('Ctrl-C');
    expect(await isAlive(Number(await textOf(pidFile)))).toBe(false);
  });

  it('leaves a detached run alone when its follower is aborted', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);
    const abort = new AbortController();
    const go = join(fixture.folder, 'go');
    const script = new Secret(`bde_detach; echo on; until [ -e ${go} ]; do sleep 0.05; done; echo off`);
    const request = { runId: 'R1' as RunId, epoch: 1, key: 'k', digest: 'd' as Digest, script, timeoutMs: 20_000 };

    const following = link.run({ ...request, mode: 'apply' }, () => abort.abort(new Error('Ctrl-C')), abort.signal);
    await expect(following).rejects.toThrow('Ctrl-C');
    const state = await link.lookUp(request.runId);
    await writeFile(go, '');
    const lines: string[] = [];
    const end = await link.attach(request.runId, (line) => lines.push(line), signal);

    expect([state, end.state, lines]).toEqual(['live', 'exited', ['on', 'off']]);
  });

  it('tells missing tools, the clock and what is applied', async () => {
    const fixture = await makeFixture();
    const link = await connect(fixture);
    await link.writeFile(join(fixture.root, 'var/lib/bde/applied/packages'), Buffer.from('abc\n'), 0o600);

    const hello = await link.hello();

    expect(hello.applied).toEqual({ packages: 'abc' });
    expect(
      hello.missingTools.filter(
        (tool) => !['dnf/tdnf/yum/apt-get', 'rpm/dpkg-query', 'curl', 'ip', 'systemctl'].includes(tool),
      ),
    ).toEqual([]);
    expect(Math.abs(hello.clockSkewMs)).toBeLessThan(1000);
  });
});
