import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';

const exec = promisify(execFile);

/** Everything on this host that carries the key of one home, kind by kind; sorted. */
export interface HostTraces {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly links: readonly string[];
  readonly tables: readonly string[];
  readonly cgroups: readonly string[];
  readonly loops: readonly string[];
  readonly machines: readonly string[];
}

const NO_TRACES: HostTraces = {
  processes: [],
  mounts: [],
  links: [],
  tables: [],
  cgroups: [],
  loops: [],
  machines: [],
};

/** A `$BDE_HOME`, and the 8 hex digits that everything which it makes on the host carries. */
export interface KeyedHome {
  readonly path: string;
  readonly key: string;
}

export function keyedHome(path: string): KeyedHome {
  return { path, key: createHash('sha256').update(path).digest('hex').slice(0, 8) };
}

/** The home that tests of cookbooks have beside this one. */
export function cookbookTestHome({ path }: { readonly path: string }): KeyedHome {
  return keyedHome(join(path, 'cookbook-test'));
}

/** Where the `local` provider keeps what the machines of a home need to live. */
export function dataFolder(homeKey: string): string {
  return join('/var/lib/bde-local', homeKey);
}

/** All that the `local` provider keeps for a home. */
export function dataFolders(home: KeyedHome): readonly string[] {
  return [home, cookbookTestHome(home)].map(({ key }) => dataFolder(key));
}

/** Nothing of a home is left on the host. */
export async function expectNoTraces(home: KeyedHome, what = ''): Promise<void> {
  expect(await findTraces(home.key, home.path), what).toEqual(NO_TRACES);
}

/** Looks for traces of a home, in every mount namespace of the host. Processes may name its folder instead of its key. */
export async function findTraces(homeKey: string, homePath: string): Promise<HostTraces> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const [processes, mounts, links, tables, cgroups, loops, machines] = await Promise.all([
    findProcesses(pids, { key: homeKey, path: homePath }),
    findMounts(pids, homeKey),
    readdir('/sys/class/net').then((names) => names.filter((name) => name.includes(homeKey))),
    linesWith(homeKey, 'nft', ['list', 'tables']),
    findCgroups(homeKey),
    findLoops(pids, homeKey),
    childrenOf(join(dataFolder(homeKey), 'machines')),
  ]);
  return { processes, mounts, links, tables, cgroups, loops, machines };
}

/**
 * By cgroup, command line or the home in the environment. A zombie has ended: only its parent, which may be the host's
 * first process, has not looked yet.
 */
async function findProcesses(
  pids: readonly string[],
  home: { readonly key: string; readonly path: string },
): Promise<readonly string[]> {
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [cgroup, commandLine, environment, stat] = await Promise.all([
        readOrNothing(`/proc/${pid}/cgroup`),
        readOrNothing(`/proc/${pid}/cmdline`),
        readOrNothing(`/proc/${pid}/environ`),
        readOrNothing(`/proc/${pid}/stat`),
      ]);
      const isNamed = [home.key, home.path].some((name) => cgroup.includes(name) || commandLine.includes(name));
      const isChild = environment.split('\0').includes(`BDE_HOME=${home.path}`);
      return !/ Z /.test(stat) && (isNamed || isChild) ? [`${pid} ${commandLine.replaceAll('\0', ' ').trim()}`] : [];
    }),
  );
  return found.flat().filter((line) => !line.startsWith(`${String(process.pid)} `));
}

/**
 * Homes share a template's file, and mounting it takes the loop device that is there, whoever made it: a device goes by the
 * path of the home that was first, and stays while a machine of another one has it mounted.
 */
async function findLoops(pids: readonly string[], homeKey: string): Promise<readonly string[]> {
  const lines = await linesWith(homeKey, 'losetup', ['--list', '--noheadings', '--output', 'NAME,BACK-FILE']);
  if (lines.length === 0) return [];
  const others = await Promise.all(pids.map((pid) => readOrNothing(`/proc/${pid}/mountinfo`)));
  const foreign = others.flatMap((text) => text.split('\n')).filter((line) => !line.includes(homeKey));
  return lines.filter((line) => !foreign.some((mount) => mount.includes(` ${line.split(' ')[0] ?? ''} `)));
}

async function findMounts(pids: readonly string[], homeKey: string): Promise<readonly string[]> {
  const namespaces = new Map<string, string>();
  for (const pid of pids) namespaces.set(await namespaceOf(pid), pid);
  const found = await Promise.all(
    [...namespaces.values()].map(async (pid) => {
      const lines = (await readOrNothing(`/proc/${pid}/mountinfo`)).split('\n');
      return lines.filter((line) => line.includes(homeKey)).map((line) => line.split(' ')[4] ?? line);
    }),
  );
  return [...new Set(found.flat())].sort();
}

/** Empty for processes without one: kernel threads, and those that ended meanwhile. */
async function namespaceOf(pid: string): Promise<string> {
  try {
    return await readlink(`/proc/${pid}/ns/mnt`);
  } catch {
    return '';
  }
}

/** A home's cgroup is a child of a hierarchy's root, wherever the host mounts those. */
async function findCgroups(homeKey: string): Promise<readonly string[]> {
  const roots = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '/sys/fs/cgroup');
  const found = await Promise.all(
    [...new Set(roots)].map(async (root) => {
      const names = await childrenOf(root);
      return names.filter((name) => name.includes(homeKey)).map((name) => join(root, name));
    }),
  );
  return found.flat().sort();
}

async function linesWith(text: string, program: string, args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await exec(program, args);
  return stdout.split('\n').filter((line) => line.includes(text));
}

async function childrenOf(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Processes come and go while they are read. */
async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
