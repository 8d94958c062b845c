import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Nodes, StrangeTarget } from '../../src/engine/ports/nodes.js';
import { recoveryAuthorizedKey } from '../../src/identity/record-commands.js';
import { createSshNodes } from '../../src/ssh/create-ssh-nodes.js';
import { wallClock } from '../contract/nodes-ssh-fixture.js';
import { startSshd, type TestSshd } from '../contract/nodes-sshd.js';
import type { SudoUser } from '../contract/nodes-sudo-user.js';

const nodes: Nodes = createSshNodes({ clock: wallClock });
const key = nodes.generateKeyPair('bde-recovery');
const hostKey = nodes.generateKeyPair('host');

describe('the recovery key, at a real sshd', () => {
  let folder: string;
  let sshd: TestSshd | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bde-forced-'));
  });

  afterEach(async () => {
    await sshd?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** An sshd that knows the key as machines do, for a record in a folder of the test's own. */
  async function target(sudoUser?: SudoUser): Promise<StrangeTarget> {
    const authorizedKey = recoveryAuthorizedKey(key.publicOpenSsh).replaceAll('/var/lib/bde/record', folder);
    sshd = await startSshd({ folder, authorizedKey, hostKey, ...(sudoUser === undefined ? {} : { sudoUser }) });
    const user = sudoUser?.name ?? userInfo().username;
    return { name: 'lab-node-0', address: '127.0.0.1', port: sshd.port, user, privateKey: key.privateOpenSsh };
  }

  function read(from: StrangeTarget) {
    return nodes.readForced(from, { timeoutMs: 10_000, signal: new AbortController().signal });
  }

  async function writeRecord(text: string): Promise<void> {
    await writeFile(join(folder, 'current'), text, { mode: 0o600 });
    await chmod(join(folder, 'current'), 0o600);
  }

  it('shows the record, and the host key that was met', async () => {
    const text = `${'x'.repeat(3_000_000)}\n`;
    await writeRecord(text);

    const shown = await read(await target());

    expect(shown.bytes.toString()).toBe(text);
    expect(shown.hostKey).toBe(hostKey.publicOpenSsh.split(' ').slice(0, 2).join(' '));
  });

  it('says what is the matter where there is no record', async () => {
    const from = await target();

    await expect(read(from)).rejects.toMatchObject({ code: 'NODE_FAILED', subject: { node: 'lab-node-0' } });
  });

  it('is refused where it is not known', async () => {
    const from = { ...(await target()), privateKey: hostKey.privateOpenSsh };

    await expect(read(from)).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  it("shows a user who may become root without a password the file that is root's", async () => {
    await writeRecord('the record\n');

    const shown = await read(await target({ name: 'ops', rule: 'ALL=(root) NOPASSWD: ALL' }));

    expect(shown.bytes.toString()).toBe('the record\n');
  });

  it('shows a user who may not become root nothing', async () => {
    await writeRecord('the record\n');
    const from = await target({ name: 'ops' });

    await expect(read(from)).rejects.toMatchObject({ code: 'NODE_FAILED' });
  });
});
