import { Client } from 'ssh2';
import type { NodeTarget } from '../engine/ports/nodes.js';
import { clientConfig, type AttemptOptions, type LogIn } from './client-config.js';
import { explainClientError } from './explain-client-error.js';
import { parseHostKeys } from './host-key.js';
import { endpointsOf } from './named-endpoint.js';
import { openStream } from './open-stream.js';

/**
 * One attempt to log in, through the jump hosts if there are any; each host key is checked before anything is sent.
 *
 * @throws BdeError `HOST_KEY_MISMATCH`, `LOGIN_REFUSED`, `STATE_INVALID`: final; any other error may go away by itself
 */
export async function openClient(target: NodeTarget, options: AttemptOptions): Promise<Client> {
  const way = endpointsOf(target).map((endpoint) => ({
    endpoint,
    pinned: parseHostKeys(endpoint.hostKey, endpoint.node),
  }));
  // Each login bounds itself; this is for all of them together.
  const limit =
    way.length === 1
      ? options.signal
      : AbortSignal.any([options.signal, AbortSignal.timeout(Math.ceil(options.timeoutMs))]);
  const opened: Client[] = [];
  try {
    for (const { endpoint, pinned } of way) {
      const stream = await openStream(endpoint, opened.at(-1), { ...options, signal: limit });
      opened.push(await logIn({ ...options, signal: limit, endpoint, pinned, stream }));
    }
  } catch (error) {
    for (const client of opened) client.destroy();
    throw error;
  }
  return joinClients(opened);
}

/** The last client, which ends together with those that it goes through. */
function joinClients(opened: readonly Client[]): Client {
  const [client, ...jumps] = opened.toReversed();
  if (client === undefined) throw new TypeError('every way has an end');
  for (const jump of jumps) {
    jump.once('close', () => client.destroy());
    client.once('close', () => jump.end());
  }
  return client;
}

function logIn(given: LogIn): Promise<Client> {
  const { endpoint, pinned, stream, signal } = given;
  return new Promise((resolve, reject) => {
    const client = new Client();
    let shown: Buffer | undefined;
    const onAbort = (): void => fail(signal.reason as Error);
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', onAbort);
      client.destroy();
      stream.destroy();
      reject(error);
    };
    const verifyHost = (key: Buffer): boolean => {
      shown = key;
      return pinned.some(({ blob }) => key.equals(blob));
    };
    // Stays for the client's life: an error event that nobody hears would end the process. 'close' tells the rest.
    client.on('error', (error) => fail(explainClientError(error, { endpoint, pinned, shown })));
    client.once('close', () => fail(new Error('the connection was closed during the handshake')));
    client.once('ready', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(client);
    });
    signal.addEventListener('abort', onAbort);
    try {
      client.connect(clientConfig(given, verifyHost));
    } catch (error) {
      fail(error as Error);
    }
    if (signal.aborted) onAbort();
  });
}
