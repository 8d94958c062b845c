import { fixRequest } from '../../engine/operations/fix-request.js';
import type { MakeRequest } from './change-cluster.js';

/** Mends what a look at the nodes finds; of the named node alone where one is named. */
export function fixOf(node: string | undefined, isForced: boolean, say: (text: string) => void): MakeRequest {
  return async (cluster, deps) => {
    const { signal } = new AbortController();
    const { request, leftAlone } = await fixRequest(node ?? null, cluster, { deps, signal, isForced });
    for (const sentence of leftAlone) say(sentence);
    return request;
  };
}
