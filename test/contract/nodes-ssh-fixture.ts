import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MachineId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { Clock } from '../../src/engine/ports/clock.js';
import type { Nodes, NodeTarget } from '../../src/engine/ports/nodes.js';
import { createSshNodes, type SshNodesOptions } from '../../src/ssh/create-ssh-nodes.js';
import { startSshd, type SshdOptions, type TestSshd } from './nodes-sshd.js';
import type { SudoUser } from './nodes-sudo-user.js';

/** Time as it is. */
export const wallClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await pause(ms, undefined, signal === undefined ? {} : { signal });
  },
  newId: () => randomUUID(),
  randomBytes: (count) => randomBytes(count),
};

/** The ssh adapter and one real sshd of its own. */
export interface SshFixture {
  readonly folder: string;
  /** Holds the machine's `/var/lib/bde` and `/run/bde`. */
  readonly root: string;
  readonly nodes: Nodes;
  readonly target: NodeTarget;
  readonly sshd: TestSshd;
  readonly login: ReturnType<Nodes['generateKeyPair']>;
  readonly host: ReturnType<Nodes['generateKeyPair']>;
  dispose(): Promise<void>;
}

function passwordOf({ password }: SudoUser): Secret | null {
  return password === undefined ? null : new Secret(password);
}

export async function makeSshFixture(
  options: Partial<SshNodesOptions> & Pick<SshdOptions, 'maxSessions' | 'forceCommand' | 'sudoUser'> = {},
): Promise<SshFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'bde-ssh-'));
  const root = join(folder, 'root');
  const { maxSessions, forceCommand, sudoUser, ...nodesOptions } = options;
  const nodes = createSshNodes({ clock: wallClock, nodeRoot: () => root, ...nodesOptions });
  const login = nodes.generateKeyPair('login');
  const host = nodes.generateKeyPair('host');
  const sshd = await startSshd({
    folder,
    authorizedKey: login.publicOpenSsh,
    hostKey: host,
    ...(maxSessions === undefined ? {} : { maxSessions }),
    ...(forceCommand === undefined ? {} : { forceCommand }),
    ...(sudoUser === undefined ? {} : { sudoUser }),
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const target: NodeTarget = {
    name: 'demo-zk-1',
    machineId: 'M1' as MachineId,
    address: '127.0.0.1',
    port: sshd.port,
    user: sudoUser?.name ?? userInfo().username,
    hostKey: host.publicOpenSsh,
    privateKey: login.privateOpenSsh,
    ...(sudoUser === undefined ? {} : { sudo: { password: passwordOf(sudoUser) } }),
  };
  return {
    folder,
    root,
    nodes,
    target,
    sshd,
    login,
    host,
    async dispose() {
      await sshd.stop();
      // A shell whose connection was cut takes its folder away at this moment.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
