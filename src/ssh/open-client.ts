import { Client } from 'ssh2';
import type { NodeTarget } from '../engine/ports/nodes.js';
import { clientConfig, type AttemptOptions, type LogIn } from './client-config.js';
import { explainClientError } from './explain-client-error.js';
import { parseHostKeys } from './host-key.js';
import { endpointsOf } from './named-endpoint.js';
import { openStream } from './open-stream.js';

/**
 * One attempt to log in, through the jump hosts if there are any; each host key is checked before anything is sent. With
 * `onStranger` that of the machine itself is told instead: nothing that is worth anything may be sent then.
 *
 * @throws BdeError `HOST_KEY_MISMATCH`, `LOGIN_REFUSED`, `STATE_INVALID`: final; any other error may go away by itself
 */
export async function openClient(
  target: NodeTarget,
  options: AttemptOptions,
  onStranger?: (shown: Buffer) => void,
): Promise<Client> {
  const endpoints = endpointsOf(target);
  const way = endpoints.map((endpoint, index) =>
    onStranger !== undefined && index === endpoints.length - 1
      ? { endpoint, pinned: [], onStranger }
      : { endpoint, pinned: parseHostKeys(endpoint.hostKey, endpoint.node) },
  );
  // Each login bounds itself; this is for all of them together.
  const limit =
    way.length === 1
      ? options.signal
      : AbortSignal.any([options.signal, AbortSignal.timeout(Math.ceil(options.timeoutMs))]);
  const opened: Client[] = [];
  try {
    for (const each of way) {
      const stream = await openStream(each.endpoint, opened.at(-1), { ...options, signal: limit });
      opened.push(await logIn({ ...options, signal: limit, ...each, stream }));
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
  const { endpoint, pinned, onStranger, stream, signal } = given;
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
    const isRight = (key: Buffer): boolean => onStranger !== undefined || pinned.some(({ blob }) => key.equals(blob));
    const verifyHost = (key: Buffer): boolean => {
      shown = key;
      onStranger?.(key);
      return isRight(key);
    };
    // Stays for the client's life: an error event that nobody hears would end the process. 'close' tells the rest.
    client.on('error', (error) =>
      fail(
        explainClientError(error, {
          endpoint,
          pinned,
          shown: shown !== undefined && isRight(shown) ? undefined : shown,
        }),
      ),
    );
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
