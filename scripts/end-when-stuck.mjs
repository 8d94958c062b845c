// Ends a job of tests in which nothing begins or ends any more: vitest itself cannot end a test that never gives way.
import { readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';

/**
 * Kills a process and its children once `running`, a file that tells what runs, was not written for `stuckMs`; `onStuck` is told
 * what it says by then. Machines of e2e tests then go by their caretaker; those of other tests stay. Looks until the process has ended.
 */
export function endWhenStuck(child, { running, stuckMs, everyMs = 5_000, onStuck }) {
  const watch = setInterval(() => {
    if (Date.now() - statSync(running).mtimeMs < stuckMs) return;
    clearInterval(watch);
    onStuck(readFileSync(running, 'utf8').split('\n').filter(Boolean));
    for (const pid of [child.pid, ...childrenOf(child.pid)]) kill(pid);
  }, everyMs);
  watch.unref();
  child.once('exit', () => clearInterval(watch));
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
