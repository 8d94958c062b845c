import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BdeError } from '../../errors/bde-error.js';
import { driftUnits, type UnitFile } from '../drift-units.js';
import { operatorOfProcess } from '../operator.js';
import { homePaths } from '../paths.js';
import { identityPathOfProcess } from '../wire.js';
import { findCluster } from './find-cluster.js';
import { withStore } from './with-store.js';

/** `bde cluster drift --print-timer` and `--write-timer`; `formatVersion` 1. */
export interface DriftTimer {
  readonly formatVersion: 1;
  readonly cluster: string;
  readonly units: readonly UnitFile[];
  /** The folder that they were written to. */
  readonly written: string | null;
}

/**
 * Units of systemd that look for drift each hour, as this user, in this home; written where a folder is named.
 *
 * @throws BdeError `UNKNOWN_CLUSTER`; `USAGE` for a folder that cannot be written to
 */
export async function driftTimer(name: string, folder: string | undefined, projectRoot: string): Promise<DriftTimer> {
  await withStore((store) => findCluster(store, name));
  const units = driftUnits({
    cluster: name,
    program: join(projectRoot, 'bin', 'bde'),
    user: operatorOfProcess().user,
    environment: {
      // A service's own PATH may not have the Node that runs us.
      PATH: `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      BDE_HOME: homePaths().home,
      BDE_IDENTITY: resolve(await identityPathOfProcess()),
      BDE_NO_INSTALL: '1',
    },
  });
  if (folder !== undefined) await writeUnits(units, folder);
  return { formatVersion: 1, cluster: name, units, written: folder ?? null };
}

async function writeUnits(units: readonly UnitFile[], folder: string): Promise<void> {
  try {
    for (const { name, text } of units) await writeFile(join(folder, name), text, { mode: 0o644 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BdeError('USAGE', `The units cannot be written to ${folder}: ${reason}.`, {
      subject: { file: folder },
      hint: 'Name a folder that you may write to; systemd reads /etc/systemd/system.',
      cause,
    });
  }
}
