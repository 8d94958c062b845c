import { Client } from 'ssh2';
import type { NodeTarget } from '../engine/ports/nodes.js';
import { clientConfig, type AttemptOptions, type LogIn } from './client-config.js';
import { explainClientError, unusableKeyError } from './explain-client-error.js';
import { parseHostKey } from './host-key.js';
import { openSocket } from './open-socket.js';

/** A packet lost while a machine boots costs its retransmission times; a new attempt each second is quicker. */
const SOCKET_TIMEOUT_MS = 1000;

/**
 * One attempt to log in; the host key is checked before anything is sent.
 *
 * @throws BdeError `HOST_KEY_MISMATCH`, `LOGIN_REFUSED`: final; any other error may go away by itself
 */
export async function openClient(target: NodeTarget, options: AttemptOptions): Promise<Client> {
  const pinned = parseHostKey(target.hostKey, target.name);
  const socket = await openSocket({
    address: target.address,
    port: target.port,
    timeoutMs: Math.min(options.timeoutMs, SOCKET_TIMEOUT_MS),
    signal: options.signal,
  });
  try {
    return await logIn({ target, pinned, socket, ...options });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function logIn(given: LogIn): Promise<Client> {
  const { target, pinned, signal } = given;
  return new Promise((resolve, reject) => {
    const client = new Client();
    let shown: Buffer | undefined;
    const onAbort = (): void => fail(signal.reason as Error);
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', onAbort);
      client.destroy();
      reject(error);
    };
    const verifyHost = (key: Buffer): boolean => {
      shown = key;
      return key.equals(pinned.blob);
    };
    // Stays for the client's life: an error event that nobody hears would end the process. 'close' tells the rest.
    client.on('error', (error) => fail(explainClientError(error, { target, pinned, shown })));
    client.once('close', () => fail(new Error('the connection was closed during the handshake')));
    client.once('ready', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(client);
    });
    signal.addEventListener('abort', onAbort);
    try {
      client.connect(clientConfig(given, verifyHost));
    } catch (error) {
      fail(unusableKeyError(target, error));
    }
    if (signal.aborted) onAbort();
  });
}
