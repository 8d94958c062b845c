import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepoLock } from '../engine/ports/mirror.js';
import type { ClusterId, Digest } from '../errors/ids.js';
import { lstatIfThere } from './if-there.js';
import { snapshotPath, type MirrorPaths } from './mirror-paths.js';
import { repoFailed } from './repo-error.js';
import { writeAtomically } from './write-atomically.js';

/** What one cluster sees: `/c/<cluster id>/<repo>/` is a snapshot. */
export interface ClusterRoutes {
  readonly formatVersion: 1;
  readonly repos: Readonly<Record<string, Digest>>;
}

/** The file of one cluster's routes. */
export function routesFile(folder: string, clusterId: string): string {
  return join(folder, `${clusterId}.json`);
}

/**
 * Replaces what a cluster sees; a lock that is named twice is taken once.
 *
 * @throws BdeError `REPO_FAILED` when a snapshot is gone or two locks give one repo different snapshots
 */
export async function publishRoutes(
  clusterId: ClusterId,
  locks: readonly RepoLock[],
  paths: MirrorPaths,
): Promise<void> {
  const file = routesFile(paths.routes, clusterId);
  if (locks.length === 0) {
    await rm(file, { force: true });
    return;
  }
  const repos = new Map<string, Digest>();
  for (const { repo, snapshot } of locks) {
    if ((repos.get(repo) ?? snapshot) !== snapshot) throw contradiction(repo);
    await requireSnapshot(repo, snapshot, paths);
    repos.set(repo, snapshot);
  }
  const routes: ClusterRoutes = { formatVersion: 1, repos: Object.fromEntries(repos) };
  await writeAtomically(file, JSON.stringify(routes));
}

async function requireSnapshot(repo: string, snapshot: Digest, paths: MirrorPaths): Promise<void> {
  if ((await lstatIfThere(snapshotPath(paths, snapshot))) !== undefined) return;
  throw repoFailed(`The snapshot ${snapshot.slice(0, 12)} of the repo ${repo} is not in ${paths.snapshots}.`, {
    hint: `Build it anew: bde repo build ${repo}`,
  });
}

function contradiction(repo: string): Error {
  return repoFailed(`Two locks give the repo ${repo} different snapshots.`, { hint: 'Plan the operation anew.' });
}
