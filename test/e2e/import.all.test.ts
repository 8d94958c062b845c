import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execEverywhere, showCluster, upperFolder, type OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { loseHome } from './support/lose-home.js';
import { buildProject, type Project } from './support/project.js';

const exec = promisify(execFile);

const SPEC = ['--spec', 'zookeeper/basic', '--set', 'nodeGroups.zookeeper.instanceNum='];
const RECORD = 'var/lib/bde/record/current';

/** What an import prints. */
interface ImportDocument {
  readonly imported: readonly {
    readonly cluster: { readonly state: string };
    readonly from: readonly string[];
    readonly notRestored: readonly string[];
  }[];
}

/** What the mirror has. */
interface RepoDocument {
  readonly repos: readonly { readonly name: string; readonly built: boolean }[];
}

let project: Project;
let home: Home;

beforeAll(async () => {
  project = await buildProject();
  home = await newHome(project);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

const spec = (count: number): readonly string[] => [...SPEC.slice(0, -1), `${SPEC.at(-1) ?? ''}${String(count)}`];

/** Exit code of a plan that looks at every node: 0 where there is nothing to do, else 10. */
async function planned(count: number): Promise<number | null> {
  const argv = ['cluster', 'apply', 'zk', ...spec(count), '--refresh', 'nodes', '--plan', '--detailed-exitcode'];
  const { exitCode, stdout, stderr } = await home.run(argv);
  expect([0, 10], stdout + stderr).toContain(exitCode);
  return exitCode;
}

async function recordFile(): Promise<string> {
  const [node] = (await showCluster(home, 'zk')).nodes;
  if (node === undefined) throw new Error('the cluster has no node');
  return join(upperFolder(home, node), RECORD);
}

describe('a ZooKeeper cluster whose home is deleted', () => {
  let older: Buffer;
  let record: string;

  it('is known again by the identity alone, with nothing to do', async () => {
    await home.json<OperationDocument>(['cluster', 'create', 'zk', ...spec(1)]);
    record = await recordFile();
    older = await readFile(record);
    await loseHome(home);

    const { imported } = await home.json<ImportDocument>(['cluster', 'import']);

    expect(imported).toMatchObject([{ cluster: { state: 'RUNNING' }, from: ['zk-zookeeper-0'] }]);
    expect(imported[0]?.notRestored).toEqual(['operations, journals and events of before: the record has none']);
    expect(await planned(1)).toBe(0);
  });

  it('grows, with packages of a mirror that its nodes trust', async () => {
    const argv = ['cluster', 'resize', 'zk', '--group', 'zookeeper', '--count', '2', '--yes'];

    const { cluster } = await home.json<OperationDocument>(argv);

    expect(cluster?.state).toBe('RUNNING');
    expect(Object.keys(await execEverywhere(home, 'zk', ['true']))).toEqual(['zk-zookeeper-0', 'zk-zookeeper-1']);
    expect(await planned(2)).toBe(0);
  });

  it('is not taken over by a record that is older than what ran there', async () => {
    const newest = await readFile(record);
    const [, second] = (await showCluster(home, 'zk')).nodes;
    if (second === undefined) throw new Error('the cluster has one node');
    // By the node itself: behind the back of its overlay a file that is gone still shows.
    const taken = await home.run(['cluster', 'ssh', 'zk', second.name, '--', 'rm', `/${RECORD}`]);
    expect(taken.exitCode, taken.stderr).toBe(0);
    await loseHome(home);
    await writeFile(record, older);

    const refused = await home.run(['cluster', 'import', '--json']);
    await writeFile(record, newest.toString().replace(/"epoch":(\d+)/, '"epoch":9$1'));
    const forged = await home.run(['cluster', 'import', '--json']);
    await writeFile(record, newest);
    const { imported } = await home.json<ImportDocument>(['cluster', 'import']);

    expect([refused.exitCode, JSON.parse(refused.stdout)]).toMatchObject([9, { error: { code: 'RECORD_OUTDATED' } }]);
    expect([forged.exitCode, JSON.parse(forged.stdout)]).toMatchObject([9, { error: { code: 'RECORD_UNUSABLE' } }]);
    expect(forged.stdout).toContain('it is forged');
    expect(imported).toMatchObject([{ cluster: { state: 'RUNNING' }, from: ['zk-zookeeper-0'] }]);
    expect(await planned(2)).toBe(0);
  });

  it('is exported as a spec that changes nothing, and as a configuration that ssh takes', async () => {
    const file = join(home.folder, 'zk.json');
    const config = join(home.folder, 'zk.ssh');
    await home.json(['cluster', 'export', 'zk', '--format', 'spec', '--out', file]);
    await home.json(['cluster', 'export', 'zk', '--format', 'ssh-config', '--out', config]);

    const applied = await home.run(['cluster', 'apply', 'zk', '--spec', file, '--plan', '--detailed-exitcode']);
    const { stdout } = await exec('ssh', ['-F', config, 'zk-zookeeper-1', 'hostname']);

    expect(applied.exitCode, applied.stdout + applied.stderr).toBe(0);
    expect(stdout).toBe('zk-zookeeper-1\n');
  });

  it('comes back from a backup with its packages, and grows with them', async () => {
    const backup = join(home.folder, 'state.bde');
    const before = await home.json<RepoDocument>(['repo', 'list']);
    const { packages } = await home.json<{ packages: boolean }>(['state', 'backup', backup, '--packages']);
    await loseHome(home);

    const restored = await home.json<{ packages: boolean }>(['state', 'restore', backup]);
    const after = await home.json<RepoDocument>(['repo', 'list']);
    const { cluster } = await home.json<OperationDocument>([
      ...['cluster', 'resize', 'zk', '--group', 'zookeeper', '--count', '3', '--yes'],
    ]);

    expect([packages, restored.packages]).toEqual([true, true]);
    expect(after.repos).toEqual(before.repos);
    expect(after.repos.find(({ name }) => name === 'zookeeper')?.built).toBe(true);
    expect(cluster?.state).toBe('RUNNING');
    expect(await planned(3)).toBe(0);
  });
});
