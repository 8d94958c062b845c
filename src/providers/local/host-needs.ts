import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { readCgroupLayout } from './cgroups.js';
import { readIfThere } from './file-facts.js';

/** Something that the host lacks, and how to get it. */
export interface MissingNeed {
  readonly what: string;
  readonly hint: string;
}

/** Programs that machines and templates are made with, and the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  mksquashfs: 'squashfs-tools',
  'mkfs.ext4': 'e2fsprogs',
  ip: 'iproute2',
  nft: 'nftables',
  unshare: 'util-linux',
  flock: 'util-linux',
  mount: 'mount',
};

const FILE_SYSTEMS = ['overlay', 'squashfs', 'ext4'] as const;

/** What the host lacks to make machines; empty means ready. */
export async function findMissingNeeds(searchPath: string): Promise<readonly MissingNeed[]> {
  return [
    ...missingPrivilege(),
    ...(await missingPrograms(searchPath, PROGRAMS)),
    ...(await missingFileSystems()),
    ...(await missingKernelParts()),
  ];
}

function missingPrivilege(): readonly MissingNeed[] {
  if (process.getuid?.() === 0) return [];
  return [{ what: 'root privileges', hint: 'Run bde as root: `sudo bde …`.' }];
}

/** Those of some programs (with the package of each) that are not on the search path. */
export async function missingPrograms(
  searchPath: string,
  programs: Readonly<Record<string, string>>,
): Promise<readonly MissingNeed[]> {
  const names = Object.keys(programs);
  const isFound = await Promise.all(names.map((name) => isOnPath(searchPath, name)));
  return names
    .filter((_, index) => isFound[index] !== true)
    .map((name) => ({ what: name, hint: `Run \`apt-get install ${programs[name] ?? name}\`.` }));
}

/** Whether a program can be run from the search path, or from where root's programs are. */
export async function isOnPath(searchPath: string, name: string): Promise<boolean> {
  // Root's tools, which a user's search path often lacks.
  const folders = [...searchPath.split(':').filter(Boolean), '/usr/sbin', '/sbin'];
  const found = await Promise.all(folders.map((folder) => isExecutable(join(folder, name))));
  return found.includes(true);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function missingFileSystems(): Promise<readonly MissingNeed[]> {
  const known = await readFile('/proc/filesystems', 'utf8');
  // A module that is not loaded yet is loaded by the first mount.
  const modules = (await readIfThere(`/lib/modules/${release()}/modules.dep`)) ?? '';
  return FILE_SYSTEMS.filter((name) => !hasFileSystem(name, known, modules)).map((name) => ({
    what: `file system ${name} in the kernel`,
    hint: `Run \`modprobe ${name}\`, or boot a kernel that has it.`,
  }));
}

/** Whether a kernel has a file system, by `/proc/filesystems` and `modules.dep`. */
export function hasFileSystem(name: string, known: string, modules: string): boolean {
  if (known.split('\n').some((line) => line.split('\t')[1] === name)) return true;
  return new RegExp(`/${name}\\.ko(\\.[a-z]+)?:`).test(modules);
}

async function missingKernelParts(): Promise<readonly MissingNeed[]> {
  const layout = await readCgroupLayout();
  const needs: MissingNeed[] = [];
  if (!layout) {
    const path = '/sys/fs/cgroup/unified';
    needs.push({ what: 'a cgroup2 hierarchy', hint: `Run \`mkdir -p ${path} && mount -t cgroup2 none ${path}\`.` });
  }
  const canLoop = await access('/dev/loop-control').then(
    () => true,
    () => false,
  );
  if (!canLoop) needs.push({ what: '/dev/loop-control', hint: 'Run `modprobe loop`.' });
  return needs;
}
