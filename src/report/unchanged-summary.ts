import type { ProgressView } from './progress.js';

/** Kinds of steps that change nodes, as progress names them. */
const CHANGING = ['packages', 'converge'];

/** How many steps looked at nodes and found nothing to change; null where one changed something, failed, or none looked. */
export function countUnchanged({ steps }: ProgressView): number | null {
  const looked = Object.values(steps).filter((step) => CHANGING.includes(step.kind));
  const isAll = looked.length > 0 && looked.every((step) => step.state === 'unchanged');
  return isAll ? looked.length : null;
}
