import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineProcesses } from './cluster.js';
import type { Home } from './home.js';
import { dataFolder } from './host-traces.js';
import { until } from './until.js';

/** A run as a node keeps it: see docs/runs.md. */
export interface KeptRun {
  readonly id: string;
  readonly key: string;
  readonly epoch: number;
  /** `exited 0`, `fenced 3`, …; null while it goes on, or where it died. */
  readonly end: string | null;
}

/** A process of a machine, as the host counts it. */
export interface MachineProcess {
  readonly machineId: string;
  readonly pid: number;
  readonly commandLine: string;
}

/** Ids of the machines that a home has on this host, oldest first. */
export async function listMachineIds(home: Home): Promise<readonly string[]> {
  return (await readdir(join(dataFolder(home.key), 'machines')).catch(() => [])).sort();
}

/** What a machine's own file system holds beyond its template, seen from the host. */
export function upperOf(home: Home, machineId: string): string {
  return join(dataFolder(home.key), 'machines', machineId, 'u');
}

/** Runs that a machine has heard of, oldest first. */
export async function runsOn(home: Home, machineId: string): Promise<readonly KeptRun[]> {
  const folder = join(upperOf(home, machineId), 'var/lib/bde/runs');
  const ids = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
  return Promise.all(
    ids.map(async (id) => {
      const [key = '', , epoch = ''] = (await readFile(join(folder, id, 'run'), 'utf8')).trim().split(' ');
      const end = await readFile(join(folder, id, 'exit'), 'utf8').catch(() => null);
      return { id, key, epoch: Number(epoch), end: end?.trim() ?? null };
    }),
  );
}

/** Processes of all machines of a home whose command line fits. */
export async function processesInMachines(home: Home, pattern: RegExp): Promise<readonly MachineProcess[]> {
  const found = await Promise.all(
    (await listMachineIds(home)).map(async (machineId) => {
      const pids = await machineProcesses(home, machineId);
      return Promise.all(
        pids.map(async (pid) => {
          const text = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '');
          return { machineId, pid, commandLine: text.replaceAll('\0', ' ').trim() };
        }),
      );
    }),
  );
  return found.flat().filter(({ commandLine }) => pattern.test(commandLine));
}

/** The package manager at work in a machine, as soon as one is. */
export function untilPackagesInstall(home: Home): Promise<MachineProcess> {
  return until('dnf runs in a machine', async () => (await processesInMachines(home, /python3? \S*dnf .*install/))[0], {
    everyMs: 20,
  });
}
