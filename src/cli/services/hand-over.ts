import { cancelOperation, protectCluster, unlockCluster } from '../../engine/operations/hand-over.js';
import type { EngineDependencies } from '../../engine/context.js';
import type { ClusterRecord } from '../../engine/ports/store.js';
import { findCluster } from './find-cluster.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** What a command that only turns a switch did. */
export interface SwitchReport {
  readonly lines: readonly string[];
  readonly json: { readonly formatVersion: 1; readonly cluster: string; readonly changed: boolean };
}

/** Protects a cluster, or takes the protection away. */
export function protect(name: string, isProtected: boolean, surroundings: Surroundings): Promise<SwitchReport> {
  const state = isProtected ? 'protected' : 'not protected';
  return turn(name, surroundings, async (deps, cluster) => {
    const changed = await protectCluster(deps, cluster, isProtected);
    return { changed, line: changed ? `${name} is ${state} now.` : `${name} is ${state} already.` };
  });
}

/** Asks the operation that runs on a cluster to stop. */
export function cancel(name: string, surroundings: Surroundings): Promise<SwitchReport> {
  return turn(name, surroundings, async (deps, cluster) => {
    const operation = await cancelOperation(deps, cluster);
    if (operation === null) return { changed: false, line: `Nothing runs on ${name}.` };
    const line = `The ${operation.kind} of ${name} is asked to stop: what runs on nodes ends first. bde cluster events ${name} --follow shows it.`;
    return { changed: true, line };
  });
}

/** Ends the lease of whoever holds a cluster. */
export function unlock(name: string, surroundings: Surroundings): Promise<SwitchReport> {
  return turn(name, surroundings, async (deps, cluster) => {
    const holder = await unlockCluster(deps, cluster);
    if (holder === null) return { changed: false, line: `Nobody holds ${name}.` };
    return { changed: true, line: `The lease of ${holder} is ended. Go on with bde cluster resume ${name}.` };
  });
}

function turn(
  name: string,
  surroundings: Surroundings,
  work: (
    deps: EngineDependencies,
    cluster: ClusterRecord,
  ) => Promise<{ readonly changed: boolean; readonly line: string }>,
): Promise<SwitchReport> {
  return withEngine(surroundings, async (deps) => {
    const { changed, line } = await work(deps, await findCluster(deps.store, name));
    return { lines: [line], json: { formatVersion: 1, cluster: name, changed } };
  });
}
