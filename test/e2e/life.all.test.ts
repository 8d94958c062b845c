import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeDescription } from '../../src/cli/services/describe-cluster.js';
import { execEverywhere, machineIdOf, showCluster, type OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { expectNoTraces } from './support/host-traces.js';
import { killOnTheWay } from './support/kill-on-the-way.js';
import { addNextVersion } from './support/next-versions.js';
import { powerCut } from './support/power-cut.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';
import {
  hasTwoLeaders,
  isBelowQuorum,
  isElecting,
  startLoad,
  type Round,
  type ZooKeeperLoad,
} from './support/zookeeper-load.js';

const DISK = 'nodeGroups.zookeeper.storage={"type":"LOCAL","sizeGB":1}';
const MY_ID = ['cat', '/data/0/zookeeper/data/myid'];
const RESIZE = ['cluster', 'resize', 'zk', '--group', 'zookeeper', '--yes', '--count'];
/** Members roll by packages of the next version. */
const UPGRADE = ['cluster', 'upgrade', 'zk', '--distro', 'zookeeper@3.9'];

/** Everything that a cluster lives through, on real machines, killed at each verb, and written to all the time. */
describe('the whole life of a ZooKeeper cluster, with writes going on', () => {
  let project: Project;
  let home: Home;
  let load: ZooKeeperLoad;
  let rounds: readonly Round[] = [];
  /** From the order to stop until the cluster runs again. */
  const downMs: [number, number] = [0, 0];
  /** What is printed at the end, for docs and closing notes. */
  const numbers: Record<string, number> = {};
  const verbs: Record<string, { readonly seconds: number; readonly kills: number }> = {};

  beforeAll(async () => {
    project = await buildProject();
    const next = { name: 'zookeeper', version: '3.9', repos: ['java', 'zookeeper'] };
    await addNextVersion(project, next, { repo: 'zookeeper', version: '3.9.1' });
    home = await newHome(project);
  });

  afterAll(async () => {
    await home.dispose();
    await project.remove();
    process.stdout.write(`${JSON.stringify({ ...numbers, verbs })}\n`);
  });

  async function live(verb: string, argv: readonly string[], points: readonly string[]): Promise<OperationDocument> {
    const { last, seconds, kills } = await killOnTheWay(home, { cluster: 'zk', argv, points });
    verbs[verb] = { seconds: Math.round(seconds), kills };
    return last;
  }

  async function nodes(): Promise<readonly NodeDescription[]> {
    return (await showCluster(home, 'zk')).nodes;
  }

  async function addresses(): Promise<readonly string[]> {
    return (await nodes()).map(({ address }) => address);
  }

  async function untilWritesGoOn(): Promise<void> {
    const before = await load.acknowledged();
    await until('writes go on', async () => (await load.acknowledged()) > before + 20);
  }

  async function expectEveryWrite(): Promise<void> {
    for (const { name, address } of await nodes()) {
      const checked = await load.missingAt(address);
      expect(checked.stdout.trim(), `${name}: ${checked.stderr}`).toBe('');
    }
  }

  it('begins with three members', async () => {
    const argv = ['cluster', 'create', 'zk', '--spec', 'zookeeper/basic', '--distro', 'zookeeper@3.8', '--set', DISK];

    const { cluster } = await live('create', argv, [
      'create:zk-zookeeper-1:-:after',
      'run:zk-zookeeper-2:zookeeper:before',
    ]);

    expect(cluster?.state).toBe('RUNNING');
    load = await startLoad(home, await addresses());
    await untilWritesGoOn();
  });

  it('grows to five', async () => {
    const { cluster } = await live(
      'grow',
      [...RESIZE, '5'],
      ['join:zk-zookeeper-3:zookeeper:after', 'run:zk-zookeeper-4:zookeeper:before'],
    );

    expect(cluster?.nodes).toHaveLength(5);
    await load.watch(await addresses());
    await untilWritesGoOn();
  });

  it('gets a dead member back at its place, with its data disk', async () => {
    const before = (await nodes())[2]!;
    const ordinals = await execEverywhere(home, 'zk', MY_ID);
    await execEverywhere(home, 'zk', ['sh', '-c', 'hostname >/data/0/whose']);
    await powerCut(home, machineIdOf(before));
    const argv = ['cluster', 'fix', 'zk', '--node', before.name];
    const { plan } = await home.json<{ plan: { steps: { id: string; why: string }[] } }>([...argv, '--plan']);

    await live(
      'fix',
      [...argv, '--yes'],
      ['leave:zk-zookeeper-2:zookeeper:after', 'create:zk-zookeeper-2:-:after', 'join:zk-zookeeper-2:zookeeper:before'],
    );

    const after = (await nodes())[2]!;
    expect(plan.steps.find(({ id }) => id === 'machine/zk-zookeeper-2#2')?.why).toMatch(/data disk.* kept/);
    expect([after.name, after.address]).toEqual([before.name, before.address]);
    expect(await execEverywhere(home, 'zk', MY_ID)).toEqual(ordinals);
    expect(machineIdOf(after)).not.toBe(machineIdOf(before));
    expect((await execEverywhere(home, 'zk', ['cat', '/data/0/whose']))[before.name]).toBe(`${before.name}\n`);
    expect((await home.json<{ healthy: boolean }>(['cluster', 'status', 'zk'])).healthy).toBe(true);
    await untilWritesGoOn();
  });

  it('has other settings', async () => {
    await live(
      'config',
      ['cluster', 'config', 'zk', '--set', 'configuration.zookeeper.tickTimeMs=2500'],
      ['run:zk-zookeeper-3:zookeeper:after', 'record:-:-:before'],
    );

    const configs = await execEverywhere(home, 'zk', ['cat', '/etc/zookeeper/conf/zoo.cfg']);
    expect(Object.values(configs).filter((text) => text.includes('tickTime=2500'))).toHaveLength(5);
    await untilWritesGoOn();
  });

  it('is upgraded', async () => {
    const { cluster } = await live('upgrade', UPGRADE, ['run:zk-zookeeper-1:packages:before']);

    expect(cluster).toMatchObject({ state: 'RUNNING', distro: 'zookeeper@3.9' });
    await untilWritesGoOn();
  });

  it('shrinks to three', async () => {
    // Those that leave are not asked any more: they are to stop serving.
    await load.watch((await addresses()).slice(0, 3));

    const { cluster } = await live(
      'shrink',
      [...RESIZE, '3'],
      ['leave:zk-zookeeper-4:zookeeper:after', 'destroy:zk-zookeeper-3:-:before'],
    );

    expect(cluster?.nodes.map(({ name }) => name)).toEqual(['zk-zookeeper-0', 'zk-zookeeper-1', 'zk-zookeeper-2']);
    await untilWritesGoOn();
    await expectEveryWrite();
  });

  it('stops, and starts with all that it had', async () => {
    downMs[0] = Date.now();
    const stopped = await live(
      'stop',
      ['cluster', 'stop', 'zk'],
      ['stop:zk-zookeeper-1:zookeeper:after', 'power-off:zk-zookeeper-2:-:before'],
    );
    const started = await live('start', ['cluster', 'start', 'zk'], ['create:zk-zookeeper-1:-:after']);
    downMs[1] = Date.now();

    expect([stopped.cluster?.state, started.cluster?.state]).toEqual(['STOPPED', 'RUNNING']);
    await untilWritesGoOn();
    await home.json(['cluster', 'verify', 'zk']);
  });

  it('has nothing to do afterwards, looked at from every node', async () => {
    const argv = ['cluster', 'fix', 'zk', '--plan'];

    const { plan } = await home.json<{ plan: { steps: unknown[] } }>(argv);

    expect(plan.steps).toEqual([]);
  });

  it('kept every write that it acknowledged, and a majority at every moment but while it was stopped', async () => {
    rounds = await load.stop();
    await expectEveryWrite();

    const [stoppedMs, startedMs] = downMs;
    const up = rounds.filter(({ atMs }) => atMs < stoppedMs || atMs > startedMs);
    const [first, last] = [rounds[0], rounds.at(-1)];
    Object.assign(numbers, {
      seconds: Math.round(((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000),
      rounds: rounds.length,
      roundsWhileUp: up.length,
      belowQuorum: up.filter(isBelowQuorum).length,
      electing: up.filter(isElecting).length,
      acknowledged: await load.acknowledged(),
    });
    expect(up.length).toBeGreaterThan(250);
    expect(up.filter(isBelowQuorum)).toEqual([]);
    expect(rounds.filter(hasTwoLeaders)).toEqual([]);
  });

  it('ends, and leaves nothing', async () => {
    const { cluster } = await live(
      'delete',
      ['cluster', 'delete', 'zk', '--yes'],
      ['destroy:zk-zookeeper-1:-:after', 'withdraw:-:-:before'],
    );

    expect(cluster).toBeNull();
    await expectNoTraces(home);
  });
});
