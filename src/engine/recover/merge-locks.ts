import type { RepoLock } from '../ports/mirror.js';

/** Locks of a cluster whose mirror was made anew. */
export interface MergedLocks {
  /** As the cluster had them; of the new mirror where that has the same packages. */
  readonly locks: readonly RepoLock[];
  /** Repos that the new mirror does not have, or has with other packages; sorted. */
  readonly lost: readonly string[];
}

/** What the mirror has now takes the place of what the cluster is locked to, wherever its packages are the same. */
export function mergeLocks(locked: readonly RepoLock[], built: readonly RepoLock[]): MergedLocks {
  const byRepo = new Map(built.map((lock) => [lock.repo, lock]));
  const isRestored = (lock: RepoLock): boolean => {
    const now = byRepo.get(lock.repo);
    return now !== undefined && packagesOf(now) === packagesOf(lock);
  };
  return {
    locks: locked.map((lock) => (isRestored(lock) ? (byRepo.get(lock.repo) ?? lock) : lock)),
    lost: locked
      .filter((lock) => !isRestored(lock))
      .map(({ repo }) => repo)
      .sort(),
  };
}

function packagesOf({ packages, sources }: RepoLock): string {
  return JSON.stringify([packages.map(({ nevra }) => nevra), sources]);
}
