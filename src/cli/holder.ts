import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names this process so that another one on the same host can tell whether it is gone: host, boot, pid, start time. */
export function holderOfProcess(): string {
  return [hostname(), bootId(), String(process.pid), startTimeOf(process.pid) ?? '-'].join('/');
}

/** True where the holder ran on this host and its process is certainly no more. */
export function isHolderGone(holder: string): boolean {
  const [host, boot, pid, startTime] = holder.split('/');
  if (host !== hostname()) return false;
  return boot !== bootId() || startTimeOf(Number(pid)) !== startTime;
}

/** Changes with every boot of the host. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Field 22 of proc(5)'s stat, counted after the command name, which may hold blanks and parentheses. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not looked yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
