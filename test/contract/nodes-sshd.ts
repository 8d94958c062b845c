import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Nodes } from '../../src/engine/ports/nodes.js';
import { withSudoUser, type SudoUser } from './nodes-sudo-user.js';

/** A real sshd of the test's own on loopback: own keys, own port, own folder. */
export interface TestSshd {
  readonly port: number;
  /** Public key line. */
  readonly hostKey: string;
  readonly pid: number;
  /** What it logged. */
  log(): Promise<string>;
  /** Ends the listener and every session of it. */
  stop(): Promise<void>;
}

export interface SshdOptions {
  readonly folder: string;
  /** Public key line that may log in. */
  readonly authorizedKey: string;
  /** OpenSSH private key and public line. */
  readonly hostKey: ReturnType<Nodes['generateKeyPair']>;
  readonly port?: number;
  readonly maxSessions?: number;
  /** What every session runs instead of what is asked. */
  readonly forceCommand?: string;
  /** A user of this sshd alone. */
  readonly sudoUser?: SudoUser;
}

export async function startSshd(options: SshdOptions): Promise<TestSshd> {
  const { folder } = options;
  const port = options.port ?? (await findFreePort());
  await mkdir(folder, { recursive: true });
  // sshd's compiled-in folder for its unprivileged half; every Debian host that runs sshd has it.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const file = (name: string): string => join(folder, name);
  await writeFile(file('host_key'), options.hostKey.privateOpenSsh.reveal(), { mode: 0o600 });
  await writeFile(file('authorized_keys'), `${options.authorizedKey}\n`);
  await writeFile(
    file('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${file('host_key')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      `PidFile ${file('sshd.pid')}`,
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      `MaxSessions ${options.maxSessions ?? 10}`,
      'LogLevel VERBOSE',
      ...(options.forceCommand === undefined ? [] : [`ForceCommand ${options.forceCommand}`]),
    ].join('\n'),
  );
  const sshd = ['/usr/sbin/sshd', '-D', '-f', file('sshd_config'), '-E', file('log')];
  const around = options.sudoUser === undefined ? [] : await withSudoUser(folder, options.sudoUser);
  const [program = '', ...args] = [...around, ...sshd];
  const process_ = spawn(program, args, { stdio: 'ignore' });
  await answersOn(port, process_);
  return {
    port,
    hostKey: options.hostKey.publicOpenSsh,
    pid: process_.pid!,
    log: () => readFile(file('log'), 'utf8'),
    stop: () => stopTree(process_),
  };
}

/** A port that nobody listens on, below those that outgoing connections are given: nobody takes it meanwhile by chance. */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error('no free port found');
}

async function answersOn(port: number, sshd: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (sshd.exitCode !== null) throw new Error(`sshd ended with ${sshd.exitCode}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await pause(20);
  }
  throw new Error(`sshd does not answer on port ${port}`);
}

/** Sessions are children of the listener: by pid, the ones that this sshd started and no others. */
async function stopTree(sshd: ChildProcess): Promise<void> {
  if (sshd.exitCode !== null || sshd.signalCode !== null) return;
  const ended = new Promise((resolve) => sshd.once('exit', resolve));
  const children = await childrenOf(sshd.pid!);
  sshd.kill('SIGKILL');
  await ended;
  for (const child of children) killQuietly(child);
}

export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
