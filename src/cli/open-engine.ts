import type { EngineDependencies } from '../engine/context.js';
import { BdeError } from '../errors/bde-error.js';
import { createFaultPoints, parseFaultOrder } from '../engine/fault-points.js';
import type { ProviderWithAbilities } from '../engine/ports/provider.js';
import type { ClusterRecord, EventRecord, Store } from '../engine/ports/store.js';
import { engineLimits } from './engine-limits.js';
import { faultActsOfProcess } from './fault-acts.js';
import { holderOfProcess, isHolderGone } from './holder.js';
import { operatorOfProcess } from './operator.js';
import { homePaths } from './paths.js';
import { systemClock } from './system-clock.js';
import {
  openBackups,
  openCertifier,
  openMirror,
  openNodes,
  openProvider,
  openRecords,
  openSealer,
  type MirrorFolders,
  type ProviderChoice,
} from './wire.js';

/** Everything an operation needs. The store stays the caller's to close. */
export async function openEngine(
  store: Store,
  given: {
    readonly folders: MirrorFolders;
    readonly onEvent: (event: Omit<EventRecord, 'sequence'>) => void;
    /** For the provider of one that is there already. */
    readonly cluster?: string | undefined;
    /** For a new cluster. */
    readonly provider?: ProviderChoice | undefined;
  },
): Promise<EngineDependencies> {
  const known = given.cluster === undefined ? undefined : await store.clusters.byName(given.cluster);
  const provider = await openProvider(known === undefined ? given.provider : { name: known.provider });
  if (known !== undefined) refuseOtherProvider(known, provider);
  const sealer = await openSealer(store);
  const { home, homeKey } = homePaths();
  return {
    store,
    provider,
    nodes: await openNodes(),
    mirror: await openMirror(given.folders, provider),
    sealer,
    certifier: openCertifier(),
    records: await openRecords(sealer),
    backups: await openBackups(sealer),
    clock: systemClock,
    faults: createFaultPoints(parseFaultOrder(process.env['BDE_FAULT']), faultActsOfProcess),
    home: { path: home, key: homeKey },
    holder: holderOfProcess(),
    isGone: isHolderGone,
    who: operatorOfProcess(),
    onEvent: given.onEvent,
    limits: engineLimits(process.env),
  };
}

/** Without its entry in the site file, machines of a cluster would be looked for where they are not. */
function refuseOtherProvider({ name, provider }: ClusterRecord, opened: ProviderWithAbilities): void {
  if (opened.provider.describe().name === provider) return;
  throw new BdeError('SITE_INVALID', `The cluster ${name} is on the provider ${provider}, which the site file lacks.`, {
    subject: { cluster: name },
    hint: `Put ${provider} back into the providers of the site file, or name the right file with BDE_SITE.`,
  });
}
