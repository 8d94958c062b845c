import type { OperationContext } from '../context.js';
import type { CarryLimits } from './node-archive.js';

/** How long files of a backup may take to be packed or unpacked: as long as a run. */
export function carryLimits({ deps, signal }: Pick<OperationContext, 'deps' | 'signal'>): CarryLimits {
  return { timeoutMs: deps.limits.runTimeoutMs, signal };
}
