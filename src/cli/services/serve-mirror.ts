import { setTimeout as delay } from 'node:timers/promises';
import type { MirrorEndpoint } from '../../engine/ports/mirror.js';
import type { ProviderWithAbilities } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import { openMirror, openProvider } from '../wire.js';
import { unguarded } from './run-home-operation.js';

/** `bde repo serve`; `formatVersion` 1. */
export interface ServedMirror {
  readonly formatVersion: 1;
  readonly mirror: MirrorEndpoint;
}

/** How often it is looked whether the helper still lives. */
const LOOK_EVERY_MS = 1000;

/** Starts the helper, or finds it. */
export async function serveInBackground(projectRoot: string): Promise<ServedMirror> {
  const provider = await openProvider();
  const mirror = await openMirror({ projectRoot }, provider);
  const endpoint = await mirror.ensureServing(await hostAddressOf(provider), unguarded);
  return { formatVersion: 1, mirror: endpoint };
}

/** Waits for Ctrl-C, SIGTERM or the helper's end, and leaves no helper behind. */
export async function serveUntilStopped(projectRoot: string): Promise<void> {
  const mirror = await openMirror({ projectRoot }, await openProvider());
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  while (!stopped.signal.aborted && (await mirror.status()) !== null) {
    // Being stopped while waiting is how serving ends.
    await delay(LOOK_EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
  }
  await mirror.stop();
}

/** The address that nodes reach this host at. */
async function hostAddressOf({ provider, network }: ProviderWithAbilities): Promise<string> {
  const own = await network?.ensureNetwork(unguarded);
  const found = own ?? (await provider.inventory()).networks[0];
  if (found !== undefined) return found.hostAddress;
  throw new BdeError('PREFLIGHT_FAILED', `The provider ${provider.describe().name} has no network to serve on.`, {
    hint: 'See what it lacks with bde provider check.',
  });
}
