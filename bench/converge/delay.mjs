import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT, runOrFail } from '../run-process.mjs';

const DELAY_LINK = join(ROOT, 'bench', 'converge', 'delay-link.py');

/**
 * Adds a round-trip time between this host and the machines on a bridge. Gives what takes it away again; it goes by itself
 * when this process ends, however it does, for the other end of its stdin is ours.
 */
export async function addDelay(bridge, roundTripMs) {
  if (roundTripMs === 0) return () => Promise.resolve();
  const [{ addr_info: addresses }] = JSON.parse(
    (await runOrFail(['ip', '-json', '-4', 'address', 'show', bridge])).stdout,
  );
  const address = `${addresses[0].local}/${addresses[0].prefixlen}`;
  // In a session of its own: Ctrl-C in the terminal must not end it under a run.
  const link = spawn('python3', [DELAY_LINK, bridge, address, String(roundTripMs / 2)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(link, 'exit');
  await Promise.race([once(link.stdout, 'data'), ended.then(() => Promise.reject(new Error('no delay link')))]);
  return async () => {
    link.stdin.end();
    await ended;
  };
}
