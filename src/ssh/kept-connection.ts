import { BdeError, isBdeError } from '../errors/bde-error.js';
import type { NodeConnection } from './open-connection.js';
import type { NodeShell } from './node-shell.js';
import type { Priority } from './shell-pool.js';

/** A connection that comes back after a loss. */
export interface KeptConnection {
  /** Work on a shell of the connection as it is, or of a new one where it is known to be lost. */
  use<Result>(priority: Priority, work: (shell: NodeShell) => Promise<Result>): Promise<Result>;
  /** The same for work that may be done twice: begins again after a loss. `attempt` counts from 1. */
  repeat<Result>(work: (shell: NodeShell, attempt: number) => Promise<Result>): Promise<Result>;
  close(): void;
}

const ATTEMPTS = 3;

/** Keeps `first`; `reconnect` opens the next one within its own time limit, and is called once for all who wait. */
export function keepConnection(
  first: NodeConnection,
  node: string,
  reconnect: (signal: AbortSignal) => Promise<NodeConnection>,
): KeptConnection {
  const closing = new AbortController();
  let connection = first;
  let coming: Promise<NodeConnection> | undefined;

  const renew = async (): Promise<NodeConnection> => {
    try {
      connection = await reconnect(closing.signal);
      if (closing.signal.aborted) connection.close();
      return connection;
    } finally {
      coming = undefined;
    }
  };

  const current = async (): Promise<NodeConnection> => {
    closing.signal.throwIfAborted();
    if (connection.isAlive()) return connection;
    coming ??= renew();
    return coming;
  };

  const kept: KeptConnection = {
    use: async (priority, work) => (await current()).shells.use(priority, work),

    async repeat(work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await kept.use('control', (shell) => work(shell, attempt));
        } catch (error) {
          if (!isBdeError(error, 'CONNECT_LOST') || attempt === ATTEMPTS || closing.signal.aborted) throw error;
        }
      }
    },

    close() {
      closing.abort(new BdeError('CONNECT_LOST', `the connection to ${node} was closed`, { subject: { node } }));
      connection.close();
    },
  };
  return kept;
}
