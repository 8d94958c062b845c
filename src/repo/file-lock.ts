import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { repoFailed } from './repo-error.js';
import { runTool } from './run-tool.js';

/** What the holder of a lock prints once it has it, before it waits for its stdin to end. */
const HOLD = 'echo locked && exec cat >/dev/null';

/**
 * Does work while no other process (and no other call here) holds the lock of this file; waits for its turn.
 *
 * Node has no flock(2), so a child holds it. The child ends when its stdin does, however this process ends: a SIGKILL
 * leaves no stale lock.
 *
 * @throws BdeError `REPO_FAILED` where the file cannot be locked
 */
export async function withFileLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const holder = await takeLock(path);
  try {
    return await work();
  } finally {
    const gone = once(holder, 'exit');
    holder.stdin?.end();
    await gone;
  }
}

async function takeLock(path: string): Promise<ChildProcess> {
  const holder = spawn('flock', ['--exclusive', '--no-fork', path, 'sh', '-c', HOLD], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const said = await Promise.race([
    once(holder.stdout, 'data').then(() => 'locked'),
    once(holder, 'exit').then(() => 'ended'),
  ]);
  if (said === 'locked') return holder;
  throw repoFailed(`The lock ${path} cannot be taken: ${String(holder.stderr.read() ?? 'flock ended')}`);
}

/** True while some process holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { exitCode } = await runTool(['flock', '--nonblock', '--conflict-exit-code', '75', path, 'true'], {
    accepts: [0, 75],
  });
  return exitCode === 75;
}
