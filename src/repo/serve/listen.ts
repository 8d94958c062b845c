import { once } from 'node:events';
import type { Server } from 'node:https';
import { isSystemError, reasonOf, repoFailed } from '../repo-error.js';

/** Below the ports that kernels give out by themselves. */
const FIRST_PORT = 20_000;
const PORT_COUNT = 10_000;

/** How many ports after the home's own are tried. */
const TRIES = 64;

/** Ports in the order in which a home tries them: the one it had, then its own, then the next ones. */
export function portCandidates(homeKey: string, lastPort: number | undefined): readonly number[] {
  const own = Number.parseInt(homeKey, 16) % PORT_COUNT;
  const ports = Array.from({ length: TRIES }, (_, index) => FIRST_PORT + ((own + index) % PORT_COUNT));
  return [...new Set([...(lastPort === undefined ? [] : [lastPort]), ...ports])];
}

/**
 * Makes the server listen on the first free port, on this address alone.
 *
 * @throws BdeError `REPO_FAILED` when the host does not have the address, or every port is taken
 */
export async function listenOnFirstFree(server: Server, address: string, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    if (await listens(server, address, port)) return port;
  }
  throw repoFailed(`Every port that the mirror tries on ${address} is taken: ${String(ports[0])} and ${TRIES} more.`, {
    hint: `See who listens there (ss -ltnp), and free one of them.`,
  });
}

async function listens(server: Server, host: string, port: number): Promise<boolean> {
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (isSystemError(error, 'EADDRINUSE')) return false;
    throw repoFailed(`The mirror cannot listen on ${host}:${port}: ${reasonOf(error)}`, {
      hint: isSystemError(error, 'EADDRNOTAVAIL') ? 'Make the network of the machines first.' : undefined,
      cause: error,
    });
  }
}
