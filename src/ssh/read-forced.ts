import type { Client, ClientChannel } from 'ssh2';
import type { MachineId } from '../errors/ids.js';
import { BdeError } from '../errors/bde-error.js';
import type { NodeTarget, ShownText, StrangeTarget } from '../engine/ports/nodes.js';
import { createTail } from './bounded-output.js';
import { connectNode, type ConnectOptions } from './connect-node.js';
import { publicKeyLine } from './host-key.js';
import { openClient } from './open-client.js';

const SHOWN_LIMIT = 8 * 1024 * 1024;
const STDERR_LIMIT = 4096;

/**
 * What the forced command of a key prints, and the host key that was met on the way there.
 *
 * @throws BdeError `CONNECT_FAILED`, `LOGIN_REFUSED`; `NODE_FAILED` where it printed nothing of use
 */
export function readForced(strange: StrangeTarget, options: ConnectOptions): Promise<ShownText> {
  // No key is known, so none is pinned; the id is for files that nobody writes here.
  const target: NodeTarget = { ...strange, machineId: strange.name as MachineId, hostKey: '', knownFrom: 'its answer' };
  return connectNode(target, options, async (attempt) => {
    let hostKey = '';
    const client = await openClient(target, attempt, (shown) => (hostKey = publicKeyLine(shown)));
    const timer = setTimeout(() => client.destroy(), attempt.timeoutMs);
    try {
      return { bytes: await readAll(client, target), hostKey };
    } finally {
      clearTimeout(timer);
      client.end();
    }
  });
}

/** Whatever is asked for: the key decides what runs. */
function readAll(client: Client, target: NodeTarget): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.once('close', () => reject(lostError(target)));
    client.exec('show', (error, channel) => {
      if (error === undefined) collect(channel, target).then(resolve, reject);
      else reject(error);
    });
  });
}

function collect(channel: ClientChannel, target: NodeTarget): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const said = createTail(STDERR_LIMIT);
  let size = 0;
  let exitCode: number | null = null;
  return new Promise((resolve, reject) => {
    channel.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > SHOWN_LIMIT) reject(failedError(target, `printed more than ${String(SHOWN_LIMIT)} bytes`));
      else chunks.push(chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    channel.once('exit', (code: number | null) => (exitCode = code));
    channel.once('close', () => {
      if (exitCode === 0) resolve(Buffer.concat(chunks));
      else reject(failedError(target, said.text().trim().split('\n').at(-1) || `ended with ${String(exitCode)}`));
    });
  });
}

function failedError({ name, user }: NodeTarget, what: string): BdeError {
  return new BdeError('NODE_FAILED', `${name} shows ${user} nothing: ${what}`, { subject: { node: name } });
}

function lostError({ name }: NodeTarget): BdeError {
  return new BdeError('CONNECT_LOST', `the connection to ${name} was lost`, { subject: { node: name } });
}
