import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Locks a path among processes; gives what unlocks it. A socket in the kernel's abstract name space: one process has it
 * at a time, and SIGKILL gives it back.
 */
export async function lockPath(path: string): Promise<() => void> {
  const name = `\0bde-memory-${createHash('sha256').update(resolve(path)).digest('hex').slice(0, 32)}`;
  for (;;) {
    const server = await listen(name);
    if (server) return () => void server.close();
    await sleep(2);
  }
}

function listen(name: string): Promise<Server | undefined> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') done(undefined);
      else reject(error);
    });
    server.listen(name, () => {
      done(server);
    });
  });
}
