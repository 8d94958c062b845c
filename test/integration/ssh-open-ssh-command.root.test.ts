import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSshCommand } from '../../src/ssh/open-ssh-command.js';
import { makeSshFixture, type SshFixture } from '../contract/nodes-ssh-fixture.js';

async function run(argv: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

describe('openSshCommand', () => {
  let fixture: SshFixture;
  let folder: string;

  beforeEach(async () => {
    fixture = await makeSshFixture();
    folder = join(fixture.folder, 'session');
  });

  afterEach(() => fixture.dispose());

  it('opens a session with the cluster key and passes words and exit code on', async () => {
    const argv = await openSshCommand(fixture.target, {
      folder,
      command: ['sh', '-c', 'echo "$1"; exit 7', '-', "it's"],
    });

    expect(await run(argv)).toEqual({ code: 7, stdout: "it's\n", stderr: '' });
  });

  it('lets OpenSSH refuse another host key', async () => {
    const hostKey = fixture.nodes.generateKeyPair('other').publicOpenSsh;
    const argv = await openSshCommand({ ...fixture.target, hostKey }, { folder, command: ['true'] });

    const { code, stderr } = await run(argv);

    expect(code).toBe(255);
    expect(stderr).toMatch(/Host key verification failed/);
  });

  it('leaves key and host key where nobody else can read them', async () => {
    await openSshCommand(fixture.target, { folder });

    const modes = await Promise.all(
      ['.', 'M1.key', 'M1.hosts'].map(async (name) => (await stat(join(folder, name))).mode),
    );
    expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(['700', '600', '600']);
  });

  it('asks for a terminal only when told, and names no port in the hosts file for 22', async () => {
    const plain = await openSshCommand({ ...fixture.target, port: 22 }, { folder, command: ['top'] });
    const withTerminal = await openSshCommand(fixture.target, { folder, command: ['top'], terminal: true });

    expect(plain).not.toContain('-t');
    expect(withTerminal.slice(-4)).toEqual(['-t', '--', '127.0.0.1', "'top'"]);
  });
});
