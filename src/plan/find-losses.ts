import { flattenSteps, type Step } from './plan.js';

/** Steps by which something is lost, or machines are made: what nobody would want to happen unasked. */
export function findLosses(steps: readonly Step[]): readonly Step[] {
  return flattenSteps(steps).filter(isLoss);
}

function isLoss({ kind }: Step): boolean {
  return LOSSES.has(kind);
}

const LOSSES: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'machine',
  'destroy',
  'power',
  'join',
  'leave',
  'remove',
  'forget',
]);
