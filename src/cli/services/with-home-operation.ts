import type { Store } from '../../engine/ports/store.js';
import { Interrupted } from '../interrupt.js';
import { operatorOfProcess } from '../operator.js';
import { systemClock } from '../system-clock.js';
import { runHomeOperation, type HomeOperation } from './run-home-operation.js';
import { withStore } from './with-store.js';

/** Runs work as an audited operation of this home; Ctrl-C ends it, and the next run goes on with what is there. */
export function withHomeOperation<Result>(
  operation: HomeOperation,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  return withStore(async (store) => {
    const signals = new AbortController();
    const parts = {
      operations: store.operations,
      clock: systemClock,
      who: operatorOfProcess(),
      stopped: stoppedBySignal(signals.signal),
    };
    try {
      return await runHomeOperation(operation, parts, () => work(store));
    } finally {
      signals.abort();
    }
  });
}

/** Once only: a second Ctrl-C has its usual effect, at once. */
function stoppedBySignal(listening: AbortSignal): Promise<never> {
  const stopped = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const onSignal = (): void => reject(new Interrupted(signal));
      process.once(signal, onSignal);
      listening.addEventListener('abort', () => process.off(signal, onSignal), { once: true });
    }
  });
  // Nobody may be waiting any more when it comes.
  stopped.catch(() => undefined);
  return stopped;
}
