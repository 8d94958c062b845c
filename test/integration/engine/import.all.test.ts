import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { buildMemoryBde, type MemoryBde } from './memory-bde.js';
import { CONFIG, IMPORT, RESIZE, SavedWorld, type ImportDocument } from './saved-world.js';
import { listPoints, RESUME, show } from './zookeeper-cluster.js';

let bde: MemoryBde;
let one: SavedWorld;
let two: SavedWorld;

beforeAll(async () => {
  bde = await buildMemoryBde();
  [one, two] = await Promise.all([SavedWorld.make(bde, 1), SavedWorld.make(bde, 2)]);
});

afterAll(() => bde.remove());

describe('a cluster whose home was lost', () => {
  it('has secrets and a former state to go back to again', async () => {
    const world = one.fresh();
    await world.run(CONFIG);
    world.lose();
    await world.imported();

    await world.run(['cluster', 'upgrade', 'zk', '--rollback', '--yes']);

    expect(await world.stepsOf('nodes', 1)).toEqual([]);
  });

  it('finds the cluster by the address of one of its machines', async () => {
    const world = one.fresh();
    world.lose();
    const [machine] = Object.values(readMemoryWorld(world.paths.world).machines);

    const found = await world.imported(['--host', machine?.addresses[0] ?? '']);

    expect(found.cluster.state).toBe('RUNNING');
  });

  it('shows what it would do, and does nothing', async () => {
    const world = one.fresh();
    world.lose();

    const shown = JSON.parse((await world.run([...IMPORT, '--plan'])).stdout) as { found: readonly { name: string }[] };

    expect(shown.found).toMatchObject([{ name: 'zk', machineCount: 1, record: { count: 1 }, problem: null }]);
    expect((await world.failure(['cluster', 'show', 'zk', '--json'], 2)).code).toBe('UNKNOWN_CLUSTER');
  });

  it('asks which, where there are several, and takes them all when told', async () => {
    const world = one.fresh();
    const second = ['cluster', 'create', 'other', '--spec', 'zookeeper/basic'];
    await world.run([...second, '--set', 'nodeGroups.zookeeper.instanceNum=1']);
    world.lose();

    const refused = await world.failure(IMPORT, 2);
    const all = JSON.parse((await world.run([...IMPORT, '--all'])).stdout) as ImportDocument;

    expect(refused.code).toBe('USAGE');
    expect(refused.message).toMatch(/^There are 2 clusters that this home does not know: other \(.*\), zk \(/);
    expect(all.imported.map(({ cluster }) => cluster.state)).toEqual(['RUNNING', 'RUNNING']);
  });

  it('is refused beside a cluster that has its addresses, and taken once that is gone', async () => {
    const world = one.fresh();
    world.lose();
    // The fake network does not see whose addresses are taken already.
    const newer = ['cluster', 'create', 'newer', '--spec', 'bare/basic', '--set', 'nodeGroups.node.instanceNum=1'];
    await world.run([...newer, '--json']);

    const refused = await world.failure([...IMPORT, '--cluster', 'zk'], 4);
    await world.run(['cluster', 'delete', 'newer', '--yes']);
    const found = await world.imported();

    expect(refused.message).toMatch(/^The address .* of zk-zookeeper-0 belongs to the cluster newer of this home\.$/);
    expect(found.cluster.state).toBe('RUNNING');
  });

  it('leaves a machine that is off to the next plan, and says so', async () => {
    const world = two.fresh();
    const file = join(world.paths.world, 'machines.json');
    const text = readFileSync(file, 'utf8');
    const state = JSON.parse(text) as { machines: Record<string, { mark: { nodeName: string }; state: string }> };
    for (const machine of Object.values(state.machines)) if (machine.mark.nodeName.endsWith('1')) machine.state = 'off';
    writeFileSync(file, JSON.stringify(state));
    world.lose();

    const found = await world.imported();

    expect(found.cluster.state).toBe('DEGRADED');
    expect(found.notRestored).toContain('zk-zookeeper-1 is off; the next plan starts it');
    expect(await world.stepsOf('inventory', 2)).toMatchObject([{ kind: 'machine', start: true }, {}, {}, {}]);
  });
});

describe('a cluster record that cannot be right', () => {
  it('is refused where every one is forged', async () => {
    const world = one.fresh();
    world.lose();
    world.forge('zk-zookeeper-0');

    expect((await world.failure(IMPORT, 9)).code).toBe('RECORD_UNUSABLE');
    expect(existsSync(join(world.paths.home, 'store.sqlite')) && readdirSync(world.paths.home)).not.toContain('mirror');
  });

  it('is refused where it is shown by a machine that it does not name', async () => {
    const world = one.fresh();
    const file = join(world.paths.world, 'machines.json');
    const text = readFileSync(file, 'utf8');
    const [machine] = Object.values(readMemoryWorld(world.paths.world).machines);
    world.lose();
    writeFileSync(file, text.replaceAll(machine?.hostKeyPublic ?? '', 'ssh-ed25519 AAAAother'));

    const refused = await world.failure(IMPORT, 9);

    expect(refused.message).toContain('does not name the host key that zk-zookeeper-0 has');
  });

  it('gives way to a newer one of another node', async () => {
    const world = two.fresh();
    const older = readFileSync(world.recordFile('zk-zookeeper-0'));
    await world.run(CONFIG);
    world.lose();
    writeFileSync(world.recordFile('zk-zookeeper-0'), older);

    const found = await world.imported();

    expect(found.from).toEqual(['zk-zookeeper-1']);
    expect(found.notRestored[1]).toMatch(
      /^the record of zk-zookeeper-0 is older than epoch \d+, count 1 and does not count$/,
    );
  });

  it('is refused where nodes have seen a later operation, unless that is accepted', async () => {
    const world = one.fresh();
    const older = readFileSync(world.recordFile('zk-zookeeper-0'));
    await world.run(CONFIG);
    world.lose();
    writeFileSync(world.recordFile('zk-zookeeper-0'), older);

    const refused = await world.failure(IMPORT, 9);
    const found = await world.imported(['--accept-older']);

    expect(refused.code).toBe('RECORD_OUTDATED');
    expect(found.notRestored[1]).toMatch(/^what an operation did on zk-zookeeper-0 after the record was written/);
    expect(await world.stepsOf('inventory', 1)).not.toEqual([]);
  });

  it('is refused where a machine was made after it that it does not name', async () => {
    const world = one.fresh();
    const older = readFileSync(world.recordFile('zk-zookeeper-0'));
    await world.run([...RESIZE, '2']);
    world.lose();
    writeFileSync(world.recordFile('zk-zookeeper-0'), older);
    rmSync(world.recordFile('zk-zookeeper-1'));
    // Its mark tells it, though no node that the record names has seen the operation.
    writeFileSync(join(dirname(world.recordFile('zk-zookeeper-0')), 'epoch.json'), '{"epoch":1,"adopted":null}');

    const refused = await world.failure(IMPORT, 9);

    expect(refused.code).toBe('RECORD_OUTDATED');
    expect(refused.message).toContain('is older than what ran on zk-zookeeper-1');
  });

  it('is refused where the home knows as much, and taken where the home is older', async () => {
    const world = one.fresh();
    const past = readFileSync(join(world.paths.home, 'store.sqlite'));
    expect((await world.failure([...IMPORT, '--cluster', 'zk'], 9)).code).toBe('RECORD_OUTDATED');
    await world.run(CONFIG);
    await world.run([...RESIZE, '2']);
    writeFileSync(join(world.paths.home, 'store.sqlite'), past);

    const lost = await world.failure([...CONFIG, '--json'], 9);
    const found = await world.imported(['--cluster', 'zk']);

    expect(lost.code).toBe('LEASE_LOST');
    expect(lost.hint).toContain('bde cluster import --cluster zk');
    expect(found.cluster.state).toBe('RUNNING');
    expect(Object.keys(readMemoryWorld(world.paths.world).machines)).toHaveLength(2);
  });
});

describe('an import that is killed at a fault point', () => {
  it('is resumed to the same end', async () => {
    const whole = one.fresh();
    whole.lose();
    const points = await listPoints(bde, whole.paths, IMPORT);
    const expected = await show(bde, whole.paths);
    expect(points).toContain('adopt:zk-zookeeper-0:-:after');
    expect(points).toContain('restore-keys:-:-:before');
    expect(points.length).toBeGreaterThan(25);

    for (const point of points) {
      const world = one.fresh();
      world.lose();
      const killed = await bde.run(world.paths, IMPORT, { BDE_FAULT: `kill@${point}` });
      expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');

      await world.run(RESUME);

      expect(await show(bde, world.paths), point).toEqual(expected);
      expect(await world.stepsOf('nodes', 1), point).toEqual([]);
    }
  });
});
