import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where this host has its cgroup2 hierarchy. */
export function cgroupRoot(mounts = readFileSync('/proc/mounts', 'utf8')) {
  const line = mounts.split('\n').find((each) => each.split(' ')[2] === 'cgroup2');
  if (line === undefined) throw new Error('this host has no cgroup2 hierarchy');
  return line.split(' ')[1];
}

/** Milliseconds of CPU that a cgroup and all below it have used so far. */
export function cpuMsOf(cgroup) {
  return parseCpuStat(readFileSync(join(cgroup, 'cpu.stat'), 'utf8'));
}

export function parseCpuStat(text) {
  return Number(/^usage_usec (\d+)$/m.exec(text)[1]) / 1000;
}

/** A cgroup for the processes of one tool. `argv` gives the argv that runs a command in it. */
export function openCgroup(name) {
  const path = join(cgroupRoot(), name);
  mkdirSync(path, { recursive: true });
  return {
    path,
    argv: (command) => ['/bin/sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', path, ...command],
    processes: () => readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean),
    close: () => rmdirSync(path),
  };
}
