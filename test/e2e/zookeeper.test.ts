import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterDescription, NodeDescription } from '../../src/cli/services/describe-cluster.js';
import {
  execEverywhere,
  initProcess,
  machineIdOf,
  showCluster,
  upperFolder,
  type LogsDocument,
  type OperationDocument,
} from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { expectNoTraces } from './support/host-traces.js';
import { buildProject, type Project } from './support/project.js';
import { readTreeFacts, type TreeFacts } from './support/tree-facts.js';
import { until } from './support/until.js';
import { askZooKeeper } from './support/zookeeper.js';

const exec = promisify(execFile);
const CONFIG = '/etc/zookeeper/conf/zoo.cfg';

let project: Project;
let home: Home;
let created: OperationDocument;

beforeAll(async () => {
  project = await buildProject();
  home = await newHome(project);
  created = await home.json<OperationDocument>(['cluster', 'create', '--spec', 'zookeeper/basic']);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

/** The nodes of the one cluster here; each test names those it needs. */
async function threeNodes(): Promise<readonly [NodeDescription, NodeDescription, NodeDescription]> {
  const { nodes } = await showCluster(home, 'zookeeper-basic');
  const [a, b, c] = nodes;
  if (a === undefined || b === undefined || c === undefined) throw new Error('there are three nodes');
  return [a, b, c];
}

/** What may change on a node while nobody changes it: logs, bde's own folder, systemd's time stamps. */
const LIVING = ['/run', '/var/log', '/var/lib/bde', '/var/lib/systemd/timers'];

/** Side files of the package database: SQLite touches them for each reader. They hold nothing that the database lacks. */
const SIDE_FILES = ['/var/lib/rpm/rpmdb.sqlite-shm', '/var/lib/rpm/rpmdb.sqlite-wal'];

/** Where ZooKeeper keeps its own data; an acceptance test writes there. */
const DATABASE = '/var/lib/zookeeper/data/version-2';

async function readNodes(leftOut: readonly string[]): Promise<readonly TreeFacts[]> {
  return Promise.all((await threeNodes()).map((node) => readTreeFacts(upperFolder(home, node), leftOut)));
}

describe('a new ZooKeeper cluster', () => {
  it('is RUNNING with each node on a machine that is on', () => {
    expect(created.cluster?.name).toBe('zookeeper-basic');
    expect(created.cluster?.state).toBe('RUNNING');
    expect(created.cluster?.nodes.map((node) => [node.name, node.machine?.state])).toEqual([
      ['zookeeper-basic-zookeeper-0', 'on'],
      ['zookeeper-basic-zookeeper-1', 'on'],
      ['zookeeper-basic-zookeeper-2', 'on'],
    ]);
  });

  it('has packages that the key of its mirror has signed', async () => {
    const keyFile = '/etc/pki/rpm-gpg/RPM-GPG-KEY-bde';
    const keys = await execEverywhere(home, 'zookeeper-basic', ['gpg', '--show-keys', '--with-colons', keyFile]);
    const keyId = /^pub:[^:]*:[^:]*:[^:]*:([0-9A-F]{16}):/m.exec(keys['zookeeper-basic-zookeeper-0'] ?? '')?.[1];

    const query = ['rpm', '-q', '--qf', '%{NAME} %{RSAHEADER:pgpsig}\\n', 'java-17-openjdk-headless', 'zookeeper'];
    const signatures = await execEverywhere(home, 'zookeeper-basic', query);

    expect(keyId).toBeDefined();
    for (const text of Object.values(signatures)) {
      const lines = text.trim().split('\n');
      expect(lines.map((line) => line.split(' ')[0])).toEqual(['java-17-openjdk-headless', 'zookeeper']);
      expect(
        lines.every((line) => line.endsWith(`Key ID ${keyId?.toLowerCase() ?? ''}`)),
        text,
      ).toBe(true);
    }
  });

  it('cannot reach anything but itself and its mirror', async () => {
    const outside = `ip -4 route get 192.0.2.1 2>&1; curl -sS -m 5 https://192.0.2.1/ 2>&1 | head -n 1`;

    const routes = await execEverywhere(home, 'zookeeper-basic', ['ip', 'route', 'show', 'default']);
    const answers = await execEverywhere(home, 'zookeeper-basic', ['sh', '-c', outside]);

    expect(new Set(Object.values(routes))).toEqual(new Set(['']));
    for (const answer of Object.values(answers)) expect(answer).toContain('Network is unreachable');
    expect(await forwardedPackets()).toEqual([0, 0]);
  });

  it('is left as it is by a second converge, which says so', async () => {
    const leftOut = [...LIVING, ...SIDE_FILES, DATABASE];
    const before = await readNodes(leftOut);

    const converged = await home.run(['cluster', 'converge', 'zookeeper-basic']);

    expect(converged.exitCode, converged.stderr).toBe(0);
    expect(converged.stdout).toMatch(/^Nothing changed: 9 runs found all as it should be\.\n/);
    expect(await readNodes(leftOut)).toEqual(before);
  });

  it('is not changed by a check, to the byte', async () => {
    const before = await readNodes([...LIVING, ...SIDE_FILES]);

    const checked = await home.run(['cluster', 'converge', 'zookeeper-basic', '--check', '--diff']);

    expect(checked.exitCode, checked.stdout).toBe(0);
    expect(checked.stdout).toMatch(/^Nothing would change: \d+ resources are as they should be\.\n$/);
    expect(await readNodes([...LIVING, ...SIDE_FILES])).toEqual(before);
  });

  it('shows what was changed by hand, and a converge mends it', async () => {
    const argv = ['cluster', 'exec', 'zookeeper-basic', '--', 'sh', '-c', `echo '# by hand' >>${CONFIG}`];
    expect((await home.run(argv)).exitCode).toBe(0);

    const drifted = await home.run(['cluster', 'converge', 'zookeeper-basic', '--check', '--diff']);
    const converged = await home.run(['cluster', 'converge', 'zookeeper-basic']);
    const mended = await home.run(['cluster', 'converge', 'zookeeper-basic', '--check']);

    expect(drifted.exitCode, drifted.stderr).toBe(10);
    expect(drifted.stdout.match(/^-# by hand$/gm)).toHaveLength(3);
    expect(drifted.stdout).toContain(`template[${CONFIG}]`);
    expect(converged.exitCode, converged.stderr).toBe(0);
    expect(mended.exitCode, mended.stdout).toBe(0);
    for (const node of await threeNodes()) {
      expect(await readFile(`${upperFolder(home, node)}${CONFIG}`, 'utf8')).not.toContain('by hand');
    }
  });
});

/** Counters of packets that would have left or entered the network of this home through the host. */
async function forwardedPackets(): Promise<readonly number[]> {
  const { stdout } = await exec('nft', ['list', 'table', 'inet', `bde${home.key}`]);
  return [...stdout.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
}

describe('commands on a running cluster', () => {
  it('pass exit codes and output of what they run', async () => {
    const node = 'zookeeper-basic-zookeeper-1';

    const onAll = await home.run(['cluster', 'exec', 'zookeeper-basic', '--', 'sh', '-c', 'hostname; exit 3']);
    const onOne = await home.run(['cluster', 'ssh', 'zookeeper-basic', node, '--', 'sh', '-c', 'hostname; exit 7']);
    const unknown = await home.run(['cluster', 'ssh', 'zookeeper-basic', 'nobody', '--', 'true']);

    expect([onAll.exitCode, onOne.exitCode, unknown.exitCode]).toEqual([3, 7, 255]);
    expect(onAll.stdout).toContain(`${node}: ${node}\n`);
    expect(onOne.stdout).toBe(`${node}\n`);
    expect(unknown.stderr).toContain('UNKNOWN_NODE');
  });

  it('tell what each run on a node reported', async () => {
    const node = 'zookeeper-basic-zookeeper-2';

    const { runs } = await home.json<LogsDocument>(['cluster', 'logs', 'zookeeper-basic', node]);

    const first = runs.find((run) => run.stepId === `converge/${node}/zookeeper`);
    expect(first?.lines).toContainEqual(
      expect.objectContaining({ resource: 'service[zookeeper]', outcome: 'changed' }) as unknown,
    );
    expect(runs.every((run) => run.stepId.split('/')[1] === node)).toBe(true);
  });

  it('tell what happened to the cluster, oldest first', async () => {
    const { events } = await home.json<{ events: readonly { at: number; text: string }[] }>([
      'cluster',
      'events',
      'zookeeper-basic',
    ]);

    const texts = events.map((event) => event.text);
    expect(texts).toContain('create of zookeeper-basic: succeeded');
    expect(texts.at(-1)).toBe('converge of zookeeper-basic: succeeded');
    expect(texts.indexOf('accept/zookeeper done')).toBeGreaterThan(texts.indexOf('ready/zookeeper done'));
  });
});

describe('the ensemble of a ZooKeeper cluster', () => {
  it('gives what was written through one member by every other, and when its leader is gone', async () => {
    const nodes = await threeNodes();
    const leader = await leaderOf(nodes);
    const [first, second] = nodes.filter((node) => node.name !== leader.name);
    if (first === undefined || second === undefined) throw new Error('two followers stay');
    const written = await askZooKeeper(home, { client: first, member: leader }, ['create', '/from-outside', 'kept']);

    const read = await askZooKeeper(home, { client: first, member: second }, ['get', '/from-outside']);
    await killMachine(leader);
    const readLater = await until('a read after the loss of the leader', async () => {
      const answer = await askZooKeeper(home, { client: first, member: second }, ['get', '/from-outside']);
      return answer.exitCode === 0 ? answer : undefined;
    });

    expect(written.exitCode, written.text).toBe(0);
    expect(read.text).toContain('\nkept\n');
    expect(readLater.text).toContain('\nkept\n');
    expect((await leaderOf([first, second])).name).not.toBe(leader.name);
  });
});

async function leaderOf(nodes: readonly NodeDescription[]): Promise<NodeDescription> {
  return until('one of them leads', async () => {
    const said = await Promise.all(nodes.map(fourLetters));
    return nodes.find((_, position) => said[position]?.includes('Mode: leader'));
  });
}

/** What a member says of itself; empty where it does not answer. */
async function fourLetters(node: NodeDescription): Promise<string> {
  const argv = ['-c', `printf srvr | timeout 10 curl -s -m 5 telnet://${node.address}:2181`];
  const { stdout } = await exec('sh', argv).catch(() => ({ stdout: '' }));
  return stdout;
}

/** As a power cut would. */
async function killMachine(node: NodeDescription): Promise<void> {
  const machineId = machineIdOf(node);
  const init = await initProcess(home, machineId);
  if (init === undefined) throw new Error(`${node.name} does not run`);
  process.kill(init, 'SIGKILL');
  await until(`${node.name} is off`, async () => (await initProcess(home, machineId)) === undefined);
}

describe('a deleted ZooKeeper cluster', () => {
  it('leaves nothing on the host, and its name is free', async () => {
    const deleted = await home.run(['cluster', 'delete', 'zookeeper-basic', '--yes']);

    const { clusters } = await home.json<{ clusters: readonly ClusterDescription[] }>(['cluster', 'list']);
    expect(deleted.exitCode, deleted.stderr).toBe(0);
    expect(clusters).toEqual([]);
    await expectNoTraces(home);
  });
});
