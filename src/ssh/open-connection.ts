import type { Client, ClientChannel } from 'ssh2';
import { BdeError } from '../errors/bde-error.js';
import type { NodeTarget } from '../engine/ports/nodes.js';
import { rootShell } from './become-root.js';
import type { AttemptOptions } from './client-config.js';
import { connectNode, type ConnectOptions } from './connect-node.js';
import { openNodeShell, type NodeShell, type ShellChannel } from './node-shell.js';
import { openClient } from './open-client.js';
import { createShellPool, type ShellPool } from './shell-pool.js';

/** A verified connection with its warm shells. */
export interface NodeConnection {
  readonly shells: ShellPool;
  isAlive(): boolean;
  readonly close: () => void;
}

/** sshd's `MaxSessions` is 10 by default; people and probes may want one too. */
const CHANNEL_LIMIT = 8;
const FIRST_SHELL_TIMEOUT_MS = 20_000;

/**
 * Connects and opens the first shell, again and again while the machine may still be booting.
 *
 * @throws BdeError `CONNECT_FAILED`, `LOGIN_REFUSED`, `SUDO_REFUSED`, `HOST_KEY_MISMATCH`, `STATE_INVALID`, `NODE_FAILED`
 */
export function openConnection(
  target: NodeTarget,
  options: ConnectOptions & { readonly root: string },
): Promise<NodeConnection> {
  return connectNode(target, options, (attempt) => openOnce(target, attempt, options.root));
}

async function openOnce(target: NodeTarget, attempt: AttemptOptions, root: string): Promise<NodeConnection> {
  const client = await openClient(target, attempt);
  const connection = connectionOver(client, target, root);
  // A login shell that hangs would be waited for without end.
  const timer = setTimeout(connection.close, Math.min(attempt.timeoutMs, FIRST_SHELL_TIMEOUT_MS));
  attempt.signal.addEventListener('abort', connection.close);
  try {
    await connection.shells.use('control', () => Promise.resolve());
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(timer);
    attempt.signal.removeEventListener('abort', connection.close);
  }
}

function connectionOver(client: Client, target: NodeTarget, root: string): NodeConnection {
  const node = target.name;
  let alive = true;
  const open = async (): Promise<NodeShell> => openNodeShell(await openRootChannel(client, target), { node, root });
  const shells = createShellPool(open, CHANNEL_LIMIT, isChannelRefused);
  client.once('close', () => {
    alive = false;
    shells.close(lostError(node));
  });
  return {
    shells,
    isAlive: () => alive,
    close: () => {
      alive = false;
      client.end();
    },
  };
}

async function openRootChannel(client: Client, target: NodeTarget): Promise<ShellChannel> {
  const shell = rootShell(target);
  const channel = await openChannel(client, target.name, shell.command);
  await shell.begin(channel);
  return channel;
}

function openChannel(client: Client, node: string, command: string): Promise<ShellChannel> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(lostError(node));
    client.once('close', onClose);
    try {
      client.exec(command, (error, channel) => {
        client.off('close', onClose);
        if (error === undefined) resolve(toShellChannel(channel));
        else reject(error);
      });
    } catch (error) {
      client.off('close', onClose);
      reject(lostError(node, error));
    }
  });
}

function toShellChannel(channel: ClientChannel): ShellChannel {
  let exitCode: number | undefined;
  channel.once('exit', (code: number | null) => (exitCode = code ?? undefined));
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    onClose(callback) {
      channel.once('close', () => callback(exitCode));
    },
    close() {
      channel.close();
    },
  };
}

/** An answer to "open a channel" has a `reason`; a lost connection has none. */
function isChannelRefused(error: unknown): boolean {
  return error instanceof Error && 'reason' in error;
}

function lostError(node: string, cause?: unknown): BdeError {
  return new BdeError('CONNECT_LOST', `the connection to ${node} was lost`, { subject: { node }, cause });
}
