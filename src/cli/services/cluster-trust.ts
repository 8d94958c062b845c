import { trustBundle } from '../../engine/certificates/cluster-certificates.js';
import { openCertificates } from '../../engine/certificates/open-certificates.js';
import { BdeError } from '../../errors/bde-error.js';
import { findCluster } from './find-cluster.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** The authorities of a cluster; `formatVersion` 1 of `bde cluster trust --json`. */
export interface TrustReport {
  readonly lines: readonly string[];
  readonly json: {
    readonly formatVersion: 1;
    readonly name: string;
    /** PEM, one behind the other. */
    readonly authorities: string;
  };
}

/**
 * Whom clients of the cluster have to trust.
 *
 * @throws BdeError `UNKNOWN_CLUSTER`, `PREFLIGHT_FAILED` where the cluster has no certificates
 */
export function trustOf(name: string, surroundings: Surroundings): Promise<TrustReport> {
  return withEngine(surroundings, async (deps) => {
    const { id } = await findCluster(deps.store, name);
    const certificates = await openCertificates(deps, id);
    if (certificates === null) throw noneMade(name);
    const authorities = trustBundle(certificates);
    return { lines: authorities.trimEnd().split('\n'), json: { formatVersion: 1, name, authorities } };
  });
}

function noneMade(name: string): BdeError {
  return new BdeError('PREFLIGHT_FAILED', `The cluster ${name} has no certificates yet.`, {
    subject: { cluster: name },
    hint: `Its cookbooks may have been pinned before there were any: bde cluster apply ${name} --spec FILE.`,
  });
}
