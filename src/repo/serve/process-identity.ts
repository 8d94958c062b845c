import { readFile } from 'node:fs/promises';
import { readIfThere } from '../if-there.js';

/** What tells a process from any other that gets or had its pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since boot. */
  readonly startTime: string;
  readonly bootId: string;
}

/** The identity of a live process; undefined when there is none of that pid, or it has ended and waits for its parent. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets, which may hold blanks and brackets itself.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  // Of the fields after the state, the 19th is field 22 of proc(5): the start time.
  return { pid, startTime: fields[18] ?? '', bootId: await bootId() };
}

/** True while this very process lives. */
export async function isAlive({ pid, startTime, bootId }: ProcessIdentity): Promise<boolean> {
  const now = await identifyProcess(pid);
  return now?.startTime === startTime && now.bootId === bootId;
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}
