import { appendFileSync } from 'node:fs';
import type { FaultActs } from '../engine/fault-points.js';

/** Fault points as they act on a real process: SIGKILL, which nothing can catch. */
export const faultActsOfProcess: FaultActs = {
  appendLine: (file, line) => {
    appendFileSync(file, `${line}\n`);
  },
  killSelf: () => {
    process.kill(process.pid, 'SIGKILL');
    // The signal is delivered before the next instruction of ours can act on the world, but not before this line.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  },
};
