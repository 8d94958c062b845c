import type { NodeName } from '../errors/ids.js';

/** A role in the middle of a rolling step. */
export interface RollingRole {
  /** Every member that should run. */
  readonly peers: readonly NodeName[];
  /** Members that answer now. */
  readonly ready: readonly NodeName[];
  /** Members that are still to be changed, in order. */
  readonly left: readonly NodeName[];
  /** Those of them that lead. */
  readonly leaders: readonly NodeName[];
  readonly maxUnavailable: number;
  /** True where any one that answers is enough, so that the others need not answer at all. */
  readonly isAnyEnough: boolean;
  /** True where a member was changed already, so that what does not answer may be about to. */
  readonly isBegun: boolean;
}

/**
 * The members to change next; null while nobody may go. Members that are down already go first: their turn costs nothing.
 * Then as many of the others as may be down at once, less those that are, leaders last and alone. A role that nobody serves
 * has nothing to lose.
 */
export function chooseBatch(role: RollingRole): readonly NodeName[] | null {
  const { peers, ready, left, leaders, maxUnavailable, isAnyEnough, isBegun } = role;
  const followers = left.filter((node) => !leaders.includes(node));
  const ordered = followers.length > 0 ? followers : left;
  if (isAnyEnough) return ready.length > 0 || !isBegun ? ordered.slice(0, 1) : null;
  const down = left.filter((node) => !ready.includes(node));
  if (down.length > 0) return down.slice(0, maxUnavailable);
  const lost = peers.filter((node) => !ready.includes(node)).length;
  const allowed = maxUnavailable - lost;
  return allowed > 0 ? ordered.slice(0, followers.length > 0 ? allowed : 1) : null;
}
