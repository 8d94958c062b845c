import { checkCluster as check, type CheckResult } from '../../engine/operations/check-cluster.js';
import type { ConvergeSelection } from '../../engine/operations/selection.js';
import { stopSignalsOfProcess } from '../interrupt.js';
import { isDifference } from './check-cluster.js';
import { findCluster } from './find-cluster.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** `bde cluster drift`; `formatVersion` 1. */
export interface Drift {
  readonly formatVersion: 1;
  readonly cluster: string;
  readonly drifted: boolean;
  /** How many resources were looked at. */
  readonly checked: number;
  /** By node, then as converging goes. */
  readonly differences: readonly Difference[];
}

/** A resource of a node that is not as it was applied. */
export interface Difference {
  readonly node: string;
  /** Or `packages`. */
  readonly role: string;
  readonly resource: string;
  readonly outcome: CheckResult['lines'][number]['outcome'];
  readonly detail: string | null;
  /** Unified, from what is there to what was applied; secrets are masked. */
  readonly diff: string | null;
}

/**
 * What differs on the nodes of a cluster from what was applied there. Changes nothing and takes no lease.
 *
 * @throws BdeError `UNKNOWN_CLUSTER`; the failures of all nodes that could not be asked
 */
export function findDrift(name: string, selection: ConvergeSelection, surroundings: Surroundings): Promise<Drift> {
  const stop = stopSignalsOfProcess(surroundings.say);
  return withEngine({ ...surroundings, cluster: name }, async (deps) => {
    const results = await check(selection, await findCluster(deps.store, name), { deps, signal: stop.stopStarting });
    const differences = results.flatMap(differencesOf);
    return {
      formatVersion: 1,
      cluster: name,
      drifted: differences.length > 0,
      checked: results.reduce((sum, { lines }) => sum + lines.length, 0),
      differences,
    };
  });
}

function differencesOf({ node, role, lines }: CheckResult): readonly Difference[] {
  return lines.filter(isDifference).map(({ resource, outcome, detail = null, diff = null }) => ({
    node,
    role,
    resource,
    outcome,
    detail,
    diff,
  }));
}
