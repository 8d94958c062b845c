import { fixRequest, MOST_PER_HOUR } from '../../engine/operations/fix-request.js';
import type { MakeRequest } from './change-cluster.js';
import { readSiteOf } from './read-site-file.js';

/** Mends what a look at the nodes finds; of the named node alone where one is named. */
export function fixOf(order: {
  readonly node: string | undefined;
  readonly perHour: number | undefined;
  readonly site: string | undefined;
  readonly isForced: boolean;
  readonly say: (text: string) => void;
}): MakeRequest {
  return async (cluster, deps) => {
    const { node, isForced, say } = order;
    const perHour = order.perHour ?? (await readSiteOf(order.site)).fix.perHour ?? MOST_PER_HOUR;
    const { signal } = new AbortController();
    const asked = { named: node ?? null, perHour, isForced };
    const { request, leftAlone } = await fixRequest(asked, cluster, { deps, signal });
    for (const sentence of leftAlone) say(sentence);
    return request;
  };
}
