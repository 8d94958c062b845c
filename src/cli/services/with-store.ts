import type { Store } from '../../engine/ports/store.js';
import { openStore } from '../wire.js';

/** Opens the store, hands it over, and closes it whatever happens. */
export async function withStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
