import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterDescription, NodeDescription } from '../../../src/cli/services/describe-cluster.js';
import { machineCgroups } from '../../../src/providers/local/cgroup-layout.js';
import { readCgroupLayout } from '../../../src/providers/local/cgroups.js';
import { dataFolder } from './host-traces.js';
import type { Home } from './home.js';

/** What `create`, `resume`, `converge` and `delete` print with `--json`. */
export interface OperationDocument {
  readonly outcome: string;
  readonly cluster: ClusterDescription | null;
}

/** What `cluster exec --json` prints. */
export interface ExecDocument {
  readonly results: readonly { readonly node: string; readonly exitCode: number; readonly stdout: string }[];
}

/** What `cluster logs --json` prints. */
export interface LogsDocument {
  readonly runs: readonly {
    readonly stepId: string;
    readonly lines: readonly { readonly resource?: string; readonly outcome?: string }[];
  }[];
}

/** The cluster as `show` gives it. */
export function showCluster(home: Home, name: string): Promise<ClusterDescription> {
  return home.json<ClusterDescription>(['cluster', 'show', name]);
}

/** What a command printed on each node, by node name; every node must have ended it with 0. */
export async function execEverywhere(
  home: Home,
  cluster: string,
  argv: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  // Behind `--` everything is the node's; so `--json` has to stand before it.
  const ended = await home.run(['cluster', 'exec', cluster, '--json', '--', ...argv]);
  if (ended.exitCode !== 0) throw new Error(`exec ${argv.join(' ')}: ${ended.stdout}${ended.stderr}`);
  const { results } = JSON.parse(ended.stdout) as ExecDocument;
  return Object.fromEntries(results.map(({ node, stdout }) => [node, stdout]));
}

/** The id of the machine that fills a node. */
export function machineIdOf(node: NodeDescription): string {
  if (node.machine === null) throw new Error(`${node.name} has no machine`);
  return node.machine.id;
}

/** What a machine's own file system holds beyond its template, seen from the host. */
export function upperFolder(home: Home, node: NodeDescription): string {
  return join(dataFolder(home.key), 'machines', machineIdOf(node), 'u');
}

/** The machine's first process, as the host counts it; undefined while there is none. */
export async function initProcess(home: Home, machineId: string): Promise<number | undefined> {
  for (const pid of await machineProcesses(home, machineId)) {
    const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
    if (/^NSpid:\t\d+\t1$/m.test(status)) return pid;
  }
  return undefined;
}

/** Every process of a machine, as the host counts them. */
export async function machineProcesses(home: Home, machineId: string): Promise<readonly number[]> {
  const layout = await readCgroupLayout();
  if (layout === undefined) throw new Error('this host has no cgroup2 hierarchy');
  const { node } = machineCgroups(layout, `bde-${home.key}`, machineId);
  const folders = await readdir(node, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = folders
    .filter((entry) => entry.name === 'cgroup.procs')
    .map((entry) => join(entry.parentPath, entry.name));
  const lists = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return lists.flatMap((list) => list.split('\n').filter((line) => line !== '')).map(Number);
}
