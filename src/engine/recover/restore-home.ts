import { isBdeError } from '../../errors/bde-error.js';
import { stepId } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { ClusterContext } from '../context.js';
import { interruptDeadPrepares } from '../interrupt-dead-prepares.js';
import type { OperationRun } from '../operations/operation-run.js';
import { pinHome, readPinnedContent, type PinnedHome } from '../pins.js';
import type { ClusterRecord } from '../ports/store.js';
import { prepareHome, type PreparedHome } from '../prepare.js';
import { MIRROR_KEYS_SECRET } from '../secret-names.js';
import { mergeLocks } from './merge-locks.js';
import { tellLoss } from './tell-loss.js';

/**
 * Gives the mirror back the keys that the cluster's nodes trust. Keys that no other cluster trusts make way for them.
 *
 * @throws BdeError `REPO_FAILED` where clusters of this home trust others
 */
export async function restoreMirrorKeys({ deps, cluster, journal, lease }: ClusterContext): Promise<void> {
  const sealed = await deps.store.secrets.get(cluster.id, MIRROR_KEYS_SECRET);
  if (sealed === undefined) return;
  const keys = await deps.sealer.open(sealed);
  const isAlone = (await deps.store.clusters.list()).every(({ id }) => id === cluster.id);
  await journal.effect({
    stepId: stepId('restore', 'mirror-keys'),
    name: { kind: 'restore-keys' },
    ref: {},
    act: async () => {
      await deps.mirror.restoreKeys(keys, { replace: isAlone }, lease.guard);
      return {};
    },
  });
}

/** A cluster whose home was prepared again. */
export interface RestoredHome {
  readonly cluster: ClusterRecord;
  /** The mirror has every snapshot that the cluster is locked to. */
  readonly isPublishable: boolean;
}

/**
 * Makes network, template, repos and the mirror's helper again where they are gone, and pins snapshots of the same packages.
 * Packages that come out otherwise are told, and the pins stay: nothing is planned for it.
 */
export async function restorePackages(run: OperationRun): Promise<RestoredHome> {
  const { deps, cluster } = run;
  const { home, distro } = await readPinnedContent(deps.store.blobs, cluster.pins);
  const prepared = await prepareAgain(run, home === null || home.locks.length === 0 ? [] : distro.repos);
  if (home === null || prepared === null) return { cluster, isPublishable: false };
  const { locks, lost } = mergeLocks(home.locks, prepared.locks);
  for (const repo of lost) {
    await tellLoss(
      deps,
      run,
      `the packages of the repo ${repo}: the mirror has others than the cluster is locked to; new nodes need ` +
        `bde cluster upgrade ${cluster.name} --distro ${cluster.distro}`,
    );
  }
  const mirrorUrl = home.mirrorUrl === null ? null : (prepared.endpoint?.url ?? home.mirrorUrl);
  if (mirrorUrl !== home.mirrorUrl) {
    await tellLoss(
      deps,
      run,
      `the mirror's address: it is ${String(mirrorUrl)} now, and the next plan tells the nodes`,
    );
  }
  return {
    cluster: await pinAgain(run, { ...home, locks, mirrorUrl }),
    isPublishable: locks.length > 0 && lost.length === 0,
  };
}

async function prepareAgain(run: OperationRun, repos: readonly string[]): Promise<PreparedHome | null> {
  const { deps, cluster, lease, stop, operation } = run;
  await interruptDeadPrepares(deps, operation);
  try {
    return await prepareHome(
      { repos, rehearsal: cluster.rehearsal },
      { deps, guard: lease.guard, stop, lost: lease.lost, operation },
    );
  } catch (error) {
    // The cluster runs without them, and can be looked after but for its packages.
    if (!isBdeError(error) || error.exitCode !== 8) throw error;
    const names = repos.join(', ');
    await tellLoss(
      deps,
      run,
      `the packages of ${names}: ${error.message}; bde repo build NAME, then bde cluster upgrade ${cluster.name} --distro ${cluster.distro}`,
    );
    return null;
  }
}

async function pinAgain(run: OperationRun, home: PinnedHome): Promise<ClusterRecord> {
  const { cluster } = run;
  const pins = await changeAsHolder(run, async (tables) => {
    const pinned = await pinHome(tables.blobs, cluster.pins, home);
    await tables.clusters.update(cluster.id, { pins: pinned });
    return pinned;
  });
  run.deps.faults.reach({ kind: 'pin-home' }, 'recorded');
  return { ...cluster, pins };
}
