import { fixRequest, MOST_PER_HOUR } from '../../engine/operations/fix-request.js';
import type { MakeRequest } from './change-cluster.js';
import { readSiteOf } from './read-site-file.js';

/** Mends what a look at the nodes finds; of the named node alone where one is named. */
export function fixOf(order: {
  readonly node: string | undefined;
  readonly perHour: number | undefined;
  readonly site: string | undefined;
  readonly isForced: boolean;
}): MakeRequest {
  return async (cluster, deps) => {
    const { node, isForced } = order;
    const perHour = order.perHour ?? (await readSiteOf(order.site)).fix.perHour ?? MOST_PER_HOUR;
    const { signal } = new AbortController();
    return fixRequest({ named: node ?? null, perHour, isForced }, cluster, { deps, signal });
  };
}
