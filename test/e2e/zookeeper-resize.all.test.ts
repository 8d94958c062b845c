import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeDescription } from '../../src/cli/services/describe-cluster.js';
import { showCluster, type OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';
import { hasTwoLeaders, isBelowQuorum, startLoad, type Round, type ZooKeeperLoad } from './support/zookeeper-load.js';

describe('a ZooKeeper cluster that grows and shrinks with writes going on', () => {
  let project: Project;
  let home: Home;
  let load: ZooKeeperLoad;
  let rounds: readonly Round[] = [];
  const plans: string[][] = [];

  beforeAll(async () => {
    project = await buildProject();
    home = await newHome(project);
    const create = ['cluster', 'create', 'zk', '--spec', 'zookeeper/basic'];
    await home.json([...create, '--set', 'nodeGroups.zookeeper.instanceNum=1']);
    load = await startLoad(home, [(await members())[0]?.address ?? '']);
    await until('the first writes', async () => (await load.acknowledged()) > 20);
  });

  afterAll(async () => {
    await home.dispose();
    await project.remove();
  });

  async function members(): Promise<readonly NodeDescription[]> {
    return (await showCluster(home, 'zk')).nodes;
  }

  async function resize(count: number): Promise<OperationDocument> {
    const argv = ['cluster', 'resize', 'zk', '--group', 'zookeeper', '--count', String(count)];
    const { plan } = await home.json<{ plan: { steps: { id: string }[] } }>([...argv, '--plan']);
    plans.push(plan.steps.map(({ id }) => id));
    return home.json<OperationDocument>([...argv, '--yes']);
  }

  it.each([3, 5])('has %i members, all of them serving', async (count) => {
    const before = await load.acknowledged();

    const { cluster } = await resize(count);

    expect(cluster?.state).toBe('RUNNING');
    const addresses = (await members()).map(({ address }) => address);
    expect(addresses).toHaveLength(count);
    await load.watch(addresses);
    await until('writes go on', async () => (await load.acknowledged()) > before + 20);
  });

  it('goes back to three members, each of which knows three', async () => {
    const three = (await members()).slice(0, 3).map(({ address }) => address);
    // Those that leave are not asked any more: they are to stop serving.
    await load.watch(three);

    const { cluster } = await resize(3);

    expect(cluster?.nodes.map(({ name }) => name)).toEqual(['zk-zookeeper-0', 'zk-zookeeper-1', 'zk-zookeeper-2']);
    const before = await load.acknowledged();
    await until('writes go on', async () => (await load.acknowledged()) > before + 20);
  });

  it('planned each member in its turn, and what it planned is all that ran', async () => {
    const { operations } = await home.json<{ operations: readonly { kind: string; state: string }[] }>([
      'operation',
      'list',
    ]);

    expect(operations.filter(({ kind }) => kind === 'resize')).toHaveLength(3);
    expect(plans[1]?.filter((id) => /^(join|leave)/.test(id))).toEqual([
      'join/zk-zookeeper-3/zookeeper',
      'join/zk-zookeeper-4/zookeeper',
    ]);
    expect(plans[2]?.filter((id) => /^(join|leave)/.test(id))).toEqual([
      'leave/zk-zookeeper-4/zookeeper',
      'leave/zk-zookeeper-3/zookeeper',
    ]);
  });

  it('has nothing to do afterwards, looked at from every node', async () => {
    const argv = ['cluster', 'apply', 'zk', '--spec', 'zookeeper/basic', '--refresh', 'nodes', '--plan'];

    const { plan } = await home.json<{ plan: { steps: unknown[] } }>(argv);

    expect(plan.steps).toEqual([]);
  });

  it('kept every write that it acknowledged, on every member', async () => {
    rounds = await load.stop();
    expect(await load.acknowledged()).toBeGreaterThan(100);

    for (const { name, address } of await members()) {
      const checked = await load.missingAt(address);
      expect(checked.stdout.trim(), `${name}: ${checked.stderr}`).toBe('');
    }
  });

  it('never had two leaders of one epoch, and a majority at every moment', () => {
    expect(rounds.length).toBeGreaterThan(100);
    expect(rounds.filter(hasTwoLeaders)).toEqual([]);
    expect(rounds.filter(isBelowQuorum)).toEqual([]);
  });
});
