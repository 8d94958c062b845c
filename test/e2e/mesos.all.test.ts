import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterDescription } from '../../src/cli/services/describe-cluster.js';
import { execEverywhere, showCluster, type OperationDocument } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';

/** What the leading master says; one that does not lead sends on to it. */
interface MesosState {
  readonly leader: string;
  readonly activated_slaves: number;
  readonly deactivated_slaves: number;
}

describe('mesos/basic under rehearsal', () => {
  let project: Project;
  let home: Home;
  let created: OperationDocument;

  beforeAll(async () => {
    project = await buildProject();
    home = await newHome(project);
    created = await home.json<OperationDocument>(['cluster', 'create', '--spec', 'mesos/basic', '--rehearse']);
  });

  afterAll(async () => {
    await home.dispose();
    await project.remove();
  });

  /** What is led by somebody else than `but`, asked for through the masters that answer. */
  async function leadingState(cluster: ClusterDescription, but: string | null): Promise<MesosState | undefined> {
    for (const node of cluster.nodes.filter((each) => each.roles.includes('mesos_master'))) {
      const answer = await fetch(`http://${node.address}:5050/state`).catch(() => undefined);
      if (answer?.ok !== true) continue;
      const state = (await answer.json()) as MesosState;
      if (state.leader !== but) return state;
    }
    return undefined;
  }

  /** The maintenance schedule, asked for by way of any master. */
  async function maintained(cluster: ClusterDescription): Promise<unknown> {
    const master = cluster.nodes.find((each) => each.roles.includes('mesos_master'));
    return (await fetch(`http://${master?.address ?? ''}:5050/maintenance/schedule`)).json();
  }

  it('comes to RUNNING, marked as a rehearsal, once its acceptance tests have passed', async () => {
    const { events } = await home.json<{ events: readonly { text: string }[] }>(['cluster', 'events', 'mesos-basic']);

    expect([created.cluster?.state, created.cluster?.rehearsal]).toEqual(['RUNNING', true]);
    expect(created.cluster?.nodes).toHaveLength(9);
    const accepted = events.map(({ text }) => text).filter((text) => /^accept\/\w+ done$/.test(text));
    expect(accepted.sort()).toEqual(
      ['mesos_chronos', 'mesos_marathon', 'mesos_slave', 'zookeeper'].map((role) => `accept/${role} done`),
    );
  });

  it('is left as it is by a second converge', async () => {
    const converged = await home.run(['cluster', 'converge', 'mesos-basic']);

    expect(converged.exitCode, converged.stderr).toBe(0);
    expect(converged.stdout).toMatch(/^Nothing changed: 33 runs found all as it should be\.\n/);
  });

  it('drains agents one after another when their settings change, and gives them their work back', async () => {
    await home.json(['cluster', 'config', 'mesos-basic', '--set', 'configuration.mesos.loggingLevel=WARNING']);

    const { events } = await home.json<{ events: readonly { text: string }[] }>(['cluster', 'events', 'mesos-basic']);
    const turns = events.map(({ text }) => text).filter((text) => /^(un)?drain\/\S+ done$/.test(text));
    expect(turns.map((text) => text.split('/')[0])).toEqual([
      'drain',
      'undrain',
      'drain',
      'undrain',
      'drain',
      'undrain',
    ]);
    const cluster = await showCluster(home, 'mesos-basic');
    expect(await until('a master leads', () => leadingState(cluster, null))).toMatchObject({ activated_slaves: 3 });
    expect(await maintained(cluster)).toEqual({});
  });

  it('takes an agent that goes out of the masters and their schedule', async () => {
    await home.json(['cluster', 'resize', 'mesos-basic', '--group', 'agent', '--count', '2', '--yes']);

    const cluster = await showCluster(home, 'mesos-basic');
    expect(cluster.nodes).toHaveLength(8);
    expect(await until('a master leads', () => leadingState(cluster, null))).toMatchObject({
      activated_slaves: 2,
      deactivated_slaves: 0,
    });
    expect(await maintained(cluster)).toEqual({});
  });

  it('takes one in again at the same address', async () => {
    await home.json(['cluster', 'resize', 'mesos-basic', '--group', 'agent', '--count', '3']);

    const cluster = await showCluster(home, 'mesos-basic');
    expect(await until('a master leads', () => leadingState(cluster, null))).toMatchObject({ activated_slaves: 3 });
  });

  it('follows another master when the leading one is stopped', async () => {
    const cluster = await showCluster(home, 'mesos-basic');
    const before = await until('a master leads', () => leadingState(cluster, null));
    const address = /@([\d.]+):/.exec(before.leader)?.[1];
    const leading = cluster.nodes.find((node) => node.address === address);

    const stop = ['cluster', 'ssh', 'mesos-basic', leading?.name ?? '', '--', 'systemctl', 'stop', 'mesos-master'];
    const stopped = await home.run(stop);
    expect(stopped.exitCode, stopped.stderr).toBe(0);
    const after = await until('all agents are with another master', async () => {
      const state = await leadingState(cluster, before.leader);
      return state?.activated_slaves === 3 ? state : undefined;
    });

    expect(before.activated_slaves).toBe(3);
    expect(after.leader).not.toBe(before.leader);
  });

  it('is mended by a converge afterwards', async () => {
    const converged = await home.run(['cluster', 'converge', 'mesos-basic', '--role', 'mesos_master']);

    const active = await execEverywhere(home, 'mesos-basic', ['sh', '-c', 'systemctl is-active mesos-master; true']);
    expect(converged.exitCode, converged.stderr).toBe(0);
    expect(Object.values(active).filter((text) => text === 'active\n')).toHaveLength(3);
  });
});

describe('mesos with something wrong', () => {
  let project: Project;
  let home: Home;
  let spec: string;
  const originals = new Map<string, string>();

  beforeAll(async () => {
    project = await buildProject();
    home = await newHome(project);
    spec = join(project.root, 'one.json');
    const roles = ['zookeeper', 'mesos_master', 'mesos_slave'];
    const group = { name: 'all', roles, instanceNum: 1, instanceType: 'MEDIUM' };
    await writeFile(spec, JSON.stringify({ apiVersion: 'bde/v2', distro: 'mesos', nodeGroups: [group] }));
    // What is wrong stays wrong: there is no reason to wait for it as long as for a slow start.
    await edit('roles/mesos_master.yaml', 'withinSeconds: 150', 'withinSeconds: 45', { keep: true });
    await edit('roles/mesos_slave.yaml', 'withinSeconds: 150', 'withinSeconds: 45', { keep: true });
  });

  afterEach(async () => {
    await home.run(['cluster', 'delete', 'wrong', '--yes']);
    for (const [file, text] of originals) await writeFile(file, text);
  });

  afterAll(async () => {
    await home.dispose();
    await project.remove();
  });

  /** Changes a text that a file of the mesos cookbook has; for one test, unless it is to be kept. */
  async function edit(path: string, from: string, to: string, { keep = false } = {}): Promise<void> {
    const file = join(project.root, 'cookbooks/mesos', path);
    const text = await readFile(file, 'utf8');
    expect(text).toContain(from);
    if (!keep) originals.set(file, text);
    await writeFile(file, text.replace(from, to));
  }

  function create() {
    return home.run(['cluster', 'create', 'wrong', '--spec', spec, '--rehearse']);
  }

  it('names the ZooKeeper servers of a wrong zk://', async () => {
    await edit('templates/_zk_url.hbs', 'suffix=":2181"', 'suffix=":2182"');

    const { exitCode, stderr } = await create();

    expect(exitCode, stderr).toBe(7);
    expect(stderr).toMatch(/mesos_master is not ready.*no ZooKeeper server of [\d.]+:2182 answered/);
  });

  it('names a flag that is none', async () => {
    await edit('recipes/master.yaml', '/etc/mesos-master/quorum\n', '/etc/mesos-master/quorumm\n');

    const { exitCode, stderr } = await create();

    expect(exitCode, stderr).toBe(7);
    expect(stderr).toContain("unknown flag 'quorumm'");
  });

  it('names a quorum that can never come together', async () => {
    await edit('recipes/master.yaml', '{{quorum}}', '2');

    const { exitCode, stderr } = await create();

    expect(exitCode, stderr).toBe(7);
    expect(stderr).toMatch(/mesos_master is not ready.*quorum/);
  });

  it('names a ZooKeeper that is stopped', async () => {
    await edit(
      'recipes/common.yaml',
      'resources:\n',
      'resources:\n  - execute: stop it\n    command: systemctl stop zookeeper\n',
    );

    const { exitCode, stderr } = await create();

    expect(exitCode, stderr).toBe(7);
    expect(stderr).toMatch(/mesos_master is not ready.*no ZooKeeper server of [\d.]+:2181 answered/);
  });
});
