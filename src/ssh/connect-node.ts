import { BdeError, isBdeError } from '../errors/bde-error.js';
import type { Clock } from '../engine/ports/clock.js';
import type { NodeTarget } from '../engine/ports/nodes.js';
import type { AttemptOptions } from './client-config.js';
import { describeConnectError } from './describe-connect-error.js';

/** How long to try; `timeoutMs` bounds the whole of it. */
export interface ConnectOptions extends AttemptOptions {
  readonly clock: Clock;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/**
 * Attempts again and again while the machine may still be booting; what an attempt reports as final is final.
 *
 * @throws BdeError `CONNECT_FAILED`, and any that `attempt` throws but `CONNECT_LOST`
 */
export async function connectNode<Result>(
  target: NodeTarget,
  options: ConnectOptions,
  attempt: (options: AttemptOptions) => Promise<Result>,
): Promise<Result> {
  const { clock, signal } = options;
  const endsAt = clock.monotonicMs() + options.timeoutMs;
  let pauseMs = FIRST_PAUSE_MS;
  for (let attempts = 1; ; attempts += 1) {
    const timeoutMs = Math.max(endsAt - clock.monotonicMs(), 1);
    try {
      return await attempt({ signal, keepaliveMs: options.keepaliveMs, timeoutMs });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BdeError && !isBdeError(error, 'CONNECT_LOST')) throw error;
      if (endsAt - clock.monotonicMs() <= pauseMs) throw failedError(target, options.timeoutMs, attempts, error);
    }
    await clock.sleep(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function failedError(target: NodeTarget, timeoutMs: number, attempts: number, last: unknown): BdeError {
  const where = `${target.name} did not answer ssh at ${target.address}:${target.port}`;
  return new BdeError('CONNECT_FAILED', `${where} within ${timeoutMs / 1000} s: ${describeConnectError(last)}`, {
    hint: 'check that the machine is on and that sshd runs on it',
    subject: { node: target.name },
    data: { attempts },
    cause: last,
  });
}
