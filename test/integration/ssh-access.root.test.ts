import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { NodeLink, NodeTarget } from '../../src/engine/ports/nodes.js';
import { openSshCommand } from '../../src/ssh/open-ssh-command.js';
import { makeSshFixture, type SshFixture } from '../contract/nodes-ssh-fixture.js';
import { childrenOf } from '../contract/nodes-sshd.js';
import { startTcpProxy } from '../contract/nodes-tcp-proxy.js';

const exec = promisify(execFile);
const { signal } = new AbortController();
const OLGA = { name: 'bde-olga', rule: 'ALL=(root) ALL', password: 'pass phrase 7' };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function makeFixture(options: Parameters<typeof makeSshFixture>[0] = {}): Promise<SshFixture> {
  const fixture = await makeSshFixture(options);
  cleanUps.push(() => fixture.dispose());
  return fixture;
}

async function connect(fixture: SshFixture, target: NodeTarget): Promise<NodeLink> {
  const link = await fixture.nodes.connect(target, { timeoutMs: 10_000, signal });
  cleanUps.push(() => link.close());
  return link;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a sudo user', () => {
  it('is root, in an environment that does not tell of sudo', async () => {
    const fixture = await makeFixture({ sudoUser: OLGA });
    const link = await connect(fixture, fixture.target);

    const { stdout } = await link.command(['sh', '-c', 'id -u; echo "$HOME $USER"; env | grep ^SUDO_']);

    expect(stdout).toBe('0\n/root root\n');
  });

  it('needs no password where the rule asks for none, though bde has one', async () => {
    const fixture = await makeFixture({ sudoUser: { ...OLGA, rule: 'ALL=(root) NOPASSWD: ALL' } });
    const link = await connect(fixture, fixture.target);

    expect((await link.command(['cat'], { stdin: 'whole' })).stdout).toBe('whole');
  });

  it('shows its password to no process list and no environment', async () => {
    const fixture = await makeFixture({ sudoUser: OLGA });
    const link = await connect(fixture, fixture.target);
    await link.command(['true']);

    const found: string[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
      for (const file of ['cmdline', 'environ']) {
        const text = await readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
        if (text.includes(OLGA.password)) found.push(`${pid}/${file}`);
      }
    }

    expect(found).toEqual([]);
    expect(await fixture.sshd.log()).not.toContain(OLGA.password);
  });

  it('is refused with a wrong password after one try', async () => {
    const fixture = await makeFixture({ sudoUser: OLGA });
    const sudo = { password: new Secret('wrong') };

    await expect(connect(fixture, { ...fixture.target, sudo })).rejects.toMatchObject({
      code: 'SUDO_REFUSED',
      exitCode: 6,
      message: 'demo-zk-1 refused the password of bde-olga for sudo',
    });
    expect((await fixture.sshd.log()).match(/Accepted publickey/g)).toHaveLength(1);
  });

  it('is refused at once where sudo asks for a password and bde has none', async () => {
    const fixture = await makeFixture({ sudoUser: OLGA });

    await expect(connect(fixture, { ...fixture.target, sudo: { password: null } })).rejects.toMatchObject({
      code: 'SUDO_REFUSED',
      message: 'bde-olga may not become root on demo-zk-1: sudo: a password is required',
    });
  });

  it('is refused at once where no rule names it', async () => {
    const fixture = await makeFixture({ sudoUser: { name: OLGA.name, password: OLGA.password } });

    await expect(connect(fixture, fixture.target)).rejects.toMatchObject({
      code: 'SUDO_REFUSED',
      message: expect.stringMatching(/^bde-olga may not become root on demo-zk-1: .*not.*(sudoers|allowed)/) as string,
    });
  });

  it('runs a command of an OpenSSH client as root', async () => {
    const fixture = await makeFixture({ sudoUser: { name: OLGA.name, rule: 'ALL=(root) NOPASSWD: ALL' } });
    const [program = '', ...args] = await openSshCommand(fixture.target, {
      folder: join(fixture.folder, 'session'),
      command: ['sh', '-c', 'id -u; echo "$1"', '-', "it's"],
    });

    expect((await exec(program, args)).stdout).toBe("0\nit's\n");
  });
});

describe('jump hosts', () => {
  it('prove themselves before anything is sent through them', async () => {
    const [jump, fixture] = [await makeFixture(), await makeFixture()];
    const hostKey = jump.nodes.generateKeyPair('other').publicOpenSsh;

    await expect(
      connect(fixture, { ...fixture.target, jumps: [{ ...jump.target, hostKey, knownFrom: '/k' }] }),
    ).rejects.toMatchObject({
      code: 'HOST_KEY_MISMATCH',
      message: expect.stringMatching(
        /^the jump host of demo-zk-1 at 127\.0\.0\.1:\d+ shows host key SHA256:\S+, but SHA256:\S+ is the one in \/k; nothing was sent$/,
      ) as string,
    });
    expect(await fixture.sshd.log()).not.toMatch(/Connection from .* port \d+ on .*\n.*Connection from/);
    expect(await jump.sshd.log()).not.toMatch(/Accepted/);
  });

  it('are left when the link is closed', async () => {
    const [jump, fixture] = [await makeFixture(), await makeFixture()];
    const link = await connect(fixture, { ...fixture.target, jumps: [jump.target] });
    expect(await childrenOf(jump.sshd.pid)).not.toEqual([]);

    await link.close();

    await until(async () => (await childrenOf(jump.sshd.pid)).length === 0);
    await until(async () => (await childrenOf(fixture.sshd.pid)).length === 0);
  });

  it('that are lost are come back through, and the run goes on', async () => {
    const [jump, fixture] = [await makeFixture(), await makeFixture()];
    const proxy = await startTcpProxy(jump.sshd.port);
    cleanUps.push(() => proxy.close());
    const link = await connect(fixture, { ...fixture.target, jumps: [{ ...jump.target, port: proxy.port }] });
    const go = join(fixture.folder, 'go');
    const lines: string[] = [];

    const running = link.run(
      {
        runId: '01RUNA' as RunId,
        epoch: 1,
        key: 'zookeeper',
        digest: 'd1' as never,
        mode: 'apply',
        script: new Secret(`bde_gate\nbde_detach\necho begun\nuntil [ -e ${go} ]; do sleep 0.05; done\necho ended`),
        timeoutMs: 60_000,
      },
      (line) => {
        lines.push(line);
        if (line === 'begun') {
          proxy.cut();
          void writeFile(go, '');
        }
      },
      signal,
    );

    expect(await running).toEqual({ state: 'exited', exitCode: 0, stderr: '' });
    expect(lines).toEqual(['begun', 'ended']);
    expect(proxy.connections()).toBe(2);
  });

  it('are gone through by an OpenSSH client too', async () => {
    const [jump, fixture] = [await makeFixture(), await makeFixture()];
    const target = { ...fixture.target, jumps: [jump.target] };
    const [program = '', ...args] = await openSshCommand(target, {
      folder: join(fixture.folder, 'a session'),
      command: ['sh', '-c', 'echo "$SSH_CONNECTION"'],
    });

    const { stdout } = await exec(program, args);

    expect(stdout).toContain(` ${fixture.sshd.port}\n`);
    expect(await jump.sshd.log()).toContain('Accepted publickey');
  });
});

describe('an ssh-agent', () => {
  /** A real one with the fixture's login key and a stranger's. */
  async function startAgent(fixture: SshFixture): Promise<{ socket: string; login: string; stranger: string }> {
    const socket = join(fixture.folder, 'agent');
    const { stdout } = await exec('ssh-agent', ['-a', socket, '-s']);
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]);
    cleanUps.push(() => Promise.resolve(void process.kill(pid)));
    const stranger = fixture.nodes.generateKeyPair('stranger');
    for (const [name, key] of Object.entries({ login: fixture.login, stranger })) {
      const path = join(fixture.folder, name);
      await writeFile(path, key.privateOpenSsh.reveal(), { mode: 0o600 });
      await exec('ssh-add', ['-q', path], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    }
    return { socket, login: fixture.login.publicOpenSsh, stranger: stranger.publicOpenSsh };
  }

  it('logs in with a key that bde never sees', async () => {
    const fixture = await makeFixture();
    const { socket } = await startAgent(fixture);
    const link = await connect(fixture, { ...fixture.target, privateKey: [], agent: { socket } });

    expect(await link.lookUp('X' as RunId)).toBe('absent');
  });

  it('is asked for the allowed keys alone', async () => {
    const fixture = await makeFixture();
    const { socket, login, stranger } = await startAgent(fixture);
    const target = { ...fixture.target, privateKey: [] };

    await expect(connect(fixture, { ...target, agent: { socket, only: [stranger] } })).rejects.toMatchObject({
      code: 'LOGIN_REFUSED',
    });
    await connect(fixture, { ...target, agent: { socket, only: [login] } });
  });

  it('that is not there is told at once, where no key of a file will do', async () => {
    const fixture = await makeFixture();
    const agent = { socket: join(fixture.folder, 'absent') };

    await expect(connect(fixture, { ...fixture.target, privateKey: [], agent })).rejects.toMatchObject({
      code: 'LOGIN_REFUSED',
      message: expect.stringContaining(`the ssh-agent at ${agent.socket} gave no key that could be used`) as string,
    });
  });
});
