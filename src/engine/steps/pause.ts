import type { ClusterContext } from '../context.js';

/**
 * Waits until the next poll.
 *
 * @throws the reason of a stop: who only waits has nothing to bring to its end
 */
export async function pause({ deps, signal, stopStarting }: ClusterContext): Promise<void> {
  const stopped = AbortSignal.any([signal, stopStarting]);
  try {
    await deps.clock.sleep(deps.limits.pollMs, stopped);
  } catch (error) {
    stopped.throwIfAborted();
    throw error;
  }
}
