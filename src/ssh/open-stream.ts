import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { AttemptOptions } from './client-config.js';
import type { NamedEndpoint } from './named-endpoint.js';
import { openSocket } from './open-socket.js';

/** A packet lost while a machine boots costs its retransmission times; a new attempt each second is quicker. */
const SOCKET_TIMEOUT_MS = 1000;

/** A connection to an endpoint: from here, or from the host that `through` is logged in to. */
export function openStream(
  { address, port }: NamedEndpoint,
  through: Client | undefined,
  { timeoutMs, signal }: AttemptOptions,
): Promise<Duplex> {
  return through === undefined
    ? openSocket({ address, port, timeoutMs: Math.min(timeoutMs, SOCKET_TIMEOUT_MS), signal })
    : forward(through, { address, port, signal });
}

/** The jump host's own time limit is the kernel's, so ours is the signal. */
function forward(
  through: Client,
  to: { readonly address: string; readonly port: number; readonly signal: AbortSignal },
): Promise<Duplex> {
  const { address, port, signal } = to;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      through.off('close', onClose);
      finish();
    };
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const onClose = (): void => settle(() => reject(new Error('the connection to the jump host was lost')));
    signal.addEventListener('abort', onAbort);
    through.once('close', onClose);
    // Where we are is of no interest to anybody there.
    through.forwardOut('127.0.0.1', 0, address, port, (error, stream) => {
      settle(() => (error === undefined ? resolve(stream) : reject(error)));
    });
    if (signal.aborted) onAbort();
  });
}
