import { createConnection, type Socket } from 'node:net';

/** Where to, and how long to try. */
export interface SocketRequest {
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A TCP connection; rejects with the socket's own error, `ETIMEDOUT` after the limit, or the signal's reason. */
export function openSocket(request: SocketRequest): Promise<Socket> {
  const { address, port, timeoutMs, signal } = request;
  return new Promise((resolve, reject) => {
    // Small exchanges go back and forth: Nagle's algorithm would hold each back for an acknowledgement.
    const socket = createConnection({ host: address, port, noDelay: true });
    const stop = (error?: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (error === undefined) return;
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => stop(signal.reason as Error);
    const timer = setTimeout(() => stop(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), timeoutMs);
    signal.addEventListener('abort', onAbort);
    socket.once('error', stop);
    socket.once('connect', () => {
      stop();
      socket.off('error', stop);
      resolve(socket);
    });
    if (signal.aborted) onAbort();
  });
}
