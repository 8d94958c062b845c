import type { EngineDependencies } from '../engine/context.js';
import { createFaultPoints, parseFaultOrder } from '../engine/fault-points.js';
import type { EventRecord, Store } from '../engine/ports/store.js';
import { engineLimits } from './engine-limits.js';
import { faultActsOfProcess } from './fault-acts.js';
import { holderOfProcess, isHolderGone } from './holder.js';
import { operatorOfProcess } from './operator.js';
import { systemClock } from './system-clock.js';
import {
  openCertifier,
  openMirror,
  openNodes,
  openProvider,
  openRecords,
  openSealer,
  type ProviderChoice,
} from './wire.js';

/** Everything an operation needs. The store stays the caller's to close. */
export async function openEngine(
  store: Store,
  given: {
    readonly projectRoot: string;
    readonly onEvent: (event: Omit<EventRecord, 'sequence'>) => void;
    /** For the provider of one that is there already. */
    readonly cluster?: string | undefined;
    /** For a new cluster. */
    readonly provider?: ProviderChoice | undefined;
  },
): Promise<EngineDependencies> {
  const known = given.cluster === undefined ? undefined : await store.clusters.byName(given.cluster);
  const provider = await openProvider(known === undefined ? given.provider : { name: known.provider });
  const sealer = await openSealer(store);
  return {
    store,
    provider,
    nodes: await openNodes(),
    mirror: await openMirror(given.projectRoot, provider),
    sealer,
    certifier: openCertifier(),
    records: await openRecords(sealer),
    clock: systemClock,
    faults: createFaultPoints(parseFaultOrder(process.env['BDE_FAULT']), faultActsOfProcess),
    holder: holderOfProcess(),
    isGone: isHolderGone,
    who: operatorOfProcess(),
    onEvent: given.onEvent,
    limits: engineLimits(process.env),
  };
}
