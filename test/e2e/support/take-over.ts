import Database from 'better-sqlite3';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { showCluster, type OperationDocument } from './cluster.js';
import type { Home } from './home.js';
import { runsOn, upperOf, type KeptRun } from './machine-runs.js';
import type { Running } from './running.js';
import { until } from './until.js';

/** Short, so that a test need not wait for half a minute; long enough for a busy host to renew it. */
export const LEASE = { BDE_LEASE_SECONDS: '10' };

/** A command that has taken a cluster over from another controller. */
export interface TakeOver {
  /** Wall time at which it was seen to have the lease. */
  readonly atMs: number;
  /** How it ends: with 0. */
  readonly document: Promise<OperationDocument>;
}

/** Freezes a controller where it holds nothing that others need: in the middle of a write it would keep the store's lock. */
export async function freeze(home: Home, controller: Running): Promise<void> {
  await until('the controller is frozen outside of a write', () => {
    controller.kill('SIGSTOP');
    if (isWritable(join(home.path, 'store.sqlite'))) return true;
    controller.kill('SIGCONT');
    return false;
  });
}

function isWritable(path: string): boolean {
  const store = new Database(path, { timeout: 500 });
  try {
    store.exec('begin immediate; rollback');
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
    throw error;
  } finally {
    store.close();
  }
}

/** Resumes a cluster that a frozen controller holds: refused while that one's lease lasts, then it takes over. */
export function takeOver(home: Home, cluster: string): Promise<TakeOver> {
  return until('the lease runs out', async () => {
    const running = home.start(['cluster', 'resume', cluster, '--json'], LEASE);
    const hasLease = until(
      'it has the lease, or has ended',
      async () => !running.isRunning() || (await showCluster(home, cluster)).epoch > 1,
    );
    await hasLease;
    if ((await showCluster(home, cluster)).epoch === 1) {
      const { exitCode, stdout } = await running.ended;
      expect(exitCode, stdout).toBe(9);
      return undefined;
    }
    const document = running.ended.then(({ exitCode, stdout, stderr }) => {
      expect(exitCode, `${stdout}${stderr}`).toBe(0);
      return JSON.parse(stdout) as OperationDocument;
    });
    return { atMs: Date.now(), document };
  });
}

/** Runs of the first holder that nobody adopted, and that wrote something after they were fenced. */
export async function strayRuns(home: Home, machineId: string, takenOverAtMs: number): Promise<readonly KeptRun[]> {
  const folder = join(upperOf(home, machineId), 'var/lib/bde');
  const [, adopted] = (await readFile(join(folder, 'epoch'), 'utf8')).trim().split(' ');
  const strays: KeptRun[] = [];
  for (const run of await runsOn(home, machineId)) {
    const { mtimeMs } = await stat(join(folder, 'runs', run.id, 'out'));
    if (run.epoch === 1 && run.id !== adopted && mtimeMs > takenOverAtMs) strays.push(run);
  }
  return strays;
}
