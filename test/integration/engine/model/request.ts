import {
  powerRequest,
  resizeRequest,
  restartRequest,
  rollbackRequest,
  rotateRequest,
  verifyRequest,
} from '../../../../src/cli/services/change-requests.js';
import { rotateSecretsRequest } from '../../../../src/cli/services/secret-requests.js';
import type { EngineDependencies } from '../../../../src/engine/context.js';
import { BdeError } from '../../../../src/errors/bde-error.js';
import { NO_CHANGE, type ChangeRequest } from '../../../../src/engine/operations/change-request.js';
import { backupRequest, restoreRequest } from '../../../../src/engine/operations/data-requests.js';
import { fixRequest } from '../../../../src/engine/operations/fix-request.js';
import { readPinnedContent } from '../../../../src/engine/pins.js';
import type { ClusterRecord } from '../../../../src/engine/ports/store.js';
import { inputsOf, type Fleet } from './fleet.js';
import type { ChangeVerb, SpecVerb } from './moves.js';

const BACKUPS = '/backups';

/** The change that a verb asks for. */
export async function requestOf(
  asked: ChangeVerb,
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<ChangeRequest> {
  switch (asked.verb) {
    case 'resize': {
      const { group, count, isForced } = asked;
      return resizeRequest({ group, count, isForced })(cluster, deps);
    }
    case 'stop':
    case 'start':
      return powerRequest(asked.verb, asked.group ?? undefined, false)(cluster, deps);
    case 'restart':
      return restartRequest(asked.group === null ? {} : { group: asked.group })(cluster, deps);
    case 'rollback':
      return rollbackRequest()(cluster, deps);
    case 'rotate-certs':
      return rotateRequest(asked.what)(cluster, deps);
    case 'rotate-secrets':
      return rotateSecretsRequest('all')(cluster, deps);
    case 'verify':
      return verifyRequest()(cluster, deps);
    case 'backup':
      return backupRequest({ role: undefined, folder: BACKUPS }, cluster, deps);
    case 'restore':
      return restore(cluster, deps);
    case 'fix':
      return fix(asked.node, cluster, deps);
    default:
      return changedSpec(asked, cluster, deps);
  }
}

/** Of the newest backup. */
async function restore(cluster: ClusterRecord, deps: EngineDependencies): Promise<ChangeRequest> {
  const [backup] = await deps.backups.list(BACKUPS);
  if (backup === undefined) throw new BdeError('UNKNOWN_BACKUP', 'none was taken');
  return restoreRequest({ role: undefined, backup, acceptsOther: false }, cluster, deps);
}

async function fix(node: number | null, cluster: ClusterRecord, deps: EngineDependencies): Promise<ChangeRequest> {
  const nodes = await deps.store.nodes.listNodes(cluster.id);
  const named = node === null ? null : (nodes[node % Math.max(1, nodes.length)]?.name ?? null);
  const { signal } = new AbortController();
  return fixRequest({ named, perHour: Infinity, isForced: false }, cluster, { deps, signal });
}

/** What is not named stays as it is pinned. */
async function changedSpec(asked: SpecVerb, cluster: ClusterRecord, deps: EngineDependencies): Promise<ChangeRequest> {
  const now = await pinnedFleet(cluster, deps);
  const { verb, ...part } = asked.verb === 'size' ? { verb: 'apply' as const, storeSize: asked.size } : asked;
  const inputs = { ...inputsOf({ ...now, ...part }), isPreparedAnew: verb === 'upgrade' };
  return { ...NO_CHANGE, kind: verb, inputs, asked: {} };
}

async function pinnedFleet({ pins }: ClusterRecord, { store }: EngineDependencies): Promise<Fleet> {
  const { resolved } = await readPinnedContent(store.blobs, pins);
  const [stores, workers] = ['s', 'w'].map((name) => resolved.groups.find((group) => group.name === name));
  const { level } = (stores?.configuration['fleet'] ?? {}) as { readonly level?: number };
  return {
    stores: stores?.count ?? 0,
    workers: workers?.count ?? 0,
    storeSize: stores?.size.memoryMiB === 2048 ? 'LARGE' : 'SMALL',
    level: level ?? 1,
    version: resolved.distro.version === '2' ? 2 : 1,
  };
}
