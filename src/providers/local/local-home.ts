import { join } from 'node:path';
import type { MachineId } from '../../errors/ids.js';
import type { RunCommand } from './run-command.js';

/**
 * Everything that one home has on this host, by name. All names carry the home key, so two homes never meet.
 * Network interface names are at most 15 characters long.
 */
export interface LocalHome {
  readonly homeKey: string;
  readonly run: RunCommand;
  /** How long a machine may take to shut down before it is killed. */
  readonly graceMs: number;
  /** Folder of this home: machines, templates, network record. */
  readonly dataDir: string;
  readonly machinesDir: string;
  readonly templatesDir: string;
  /** Templates of all homes; may be lost at any time. */
  readonly cacheDir: string;
  readonly bridge: string;
  /** A veth pair that gives the bridge a carrier while no machine is on it: one end in the bridge, the other silent. */
  readonly anchor: readonly [string, string];
  /** nftables table of family inet. */
  readonly nftTable: string;
  /** Name of our folder in each cgroup hierarchy. */
  readonly cgroup: string;
}

/** Where things are and who runs host commands. */
export interface LocalHomeOptions {
  readonly homeKey: string;
  readonly dataRoot: string;
  readonly cacheRoot: string;
  readonly run: RunCommand;
  readonly graceMs: number;
}

/** Names of a home with that key. */
export function localHome({ homeKey, dataRoot, cacheRoot, run, graceMs }: LocalHomeOptions): LocalHome {
  const dataDir = join(dataRoot, homeKey);
  return {
    homeKey,
    run,
    graceMs,
    dataDir,
    machinesDir: join(dataDir, 'machines'),
    templatesDir: join(dataDir, 'templates'),
    cacheDir: join(cacheRoot, 'templates'),
    bridge: `bde${homeKey}`,
    anchor: [`bdea${homeKey}`, `bdeb${homeKey}`],
    nftTable: `bde${homeKey}`,
    cgroup: `bde-${homeKey}`,
  };
}

/** Files of one machine; `upper` is what differs from the template. */
export interface MachineFolder {
  readonly path: string;
  readonly record: string;
  /** There once the machine has been created whole. */
  readonly complete: string;
  readonly upper: string;
  readonly work: string;
  readonly root: string;
  readonly base: string;
  readonly disks: string;
  readonly supervisor: string;
  readonly lock: string;
  readonly log: string;
  /** The guest data channel as the machine sees it at its first boot. */
  readonly guest: string;
}

/** Paths of a machine's folder. */
export function machineFolder(home: LocalHome, machineId: MachineId): MachineFolder {
  const path = join(home.machinesDir, machineId);
  return {
    path,
    record: join(path, 'mark.json'),
    complete: join(path, 'complete'),
    upper: join(path, 'u'),
    work: join(path, 'w'),
    root: join(path, 'm'),
    base: join(path, 'base'),
    disks: join(path, 'disks'),
    supervisor: join(path, 'supervise.sh'),
    lock: join(path, 'lock'),
    log: join(path, 'log'),
    guest: join(path, 'u/etc/bde/guest'),
  };
}

/**
 * The name nspawn knows a machine by: home key and the low 16 bits of its address, 12 characters. nspawn calls the host
 * end of the machine's link `vb-` and this name, which then just fits.
 */
export function nspawnName(home: LocalHome, address: string): string {
  const [, , third = 0, fourth = 0] = address.split('.').map(Number);
  return `${home.homeKey}${(third * 256 + fourth).toString(16).padStart(4, '0')}`;
}

/** The host end of a machine's link. */
export function hostLink(home: LocalHome, address: string): string {
  return `vb-${nspawnName(home, address)}`;
}
