import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMemoryMirror } from '../../fakes/memory-mirror.js';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { buildMemoryBde, type MemoryBde } from './memory-bde.js';
import { IMPORT, RESIZE, SavedWorld } from './saved-world.js';
import { show } from './zookeeper-cluster.js';

let bde: MemoryBde;
let two: SavedWorld;

beforeAll(async () => {
  bde = await buildMemoryBde();
  two = await SavedWorld.make(bde, 2);
});

afterAll(() => bde.remove());

describe('a home that was lost', () => {
  it('knows its cluster again, with nothing to do, and goes on from there', async () => {
    const world = two.fresh();
    const before = { cluster: await show(bde, world.paths), trust: readMemoryMirror(world.paths.world).trust };
    world.lose();

    const found = await world.imported();

    expect(found.cluster.state).toBe('RUNNING');
    expect(found.from).toEqual(['zk-zookeeper-0', 'zk-zookeeper-1']);
    expect(found.cluster.epoch).toBeGreaterThan(found.record.epoch);
    expect(found.notRestored).toEqual(['operations, journals and events of before: the record has none']);
    const after = { cluster: await show(bde, world.paths), trust: readMemoryMirror(world.paths.world).trust };
    expect(withoutOperation(after.cluster)).toEqual(withoutOperation(before.cluster));
    expect(after.trust).toEqual(before.trust);
    expect(await world.stepsOf('inventory', 2)).toEqual([]);
    expect(await world.stepsOf('nodes', 2)).toEqual([]);
    await world.run([...RESIZE, '3']);
    expect(Object.keys(readMemoryWorld(world.paths.world).machines)).toHaveLength(3);
  });

  it('is not taken for another one at another path', async () => {
    const world = two.fresh();
    world.lose();

    const refused = await world.failure(IMPORT, 9, { BDE_HOME: join(world.paths.dir, 'elsewhere') });

    expect(refused.code).toBe('RECORD_UNUSABLE');
    expect(refused.hint).toContain(`BDE_HOME=${world.paths.home} bde cluster import`);
  });

  it('needs the identity, and makes none', async () => {
    const world = two.fresh();
    world.lose();
    rmSync(join(world.paths.dir, 'identity'));

    expect((await world.failure(IMPORT, 9)).code).toBe('IDENTITY_MISSING');
    expect(existsSync(join(world.paths.dir, 'identity'))).toBe(false);
  });
});

describe('a cluster record that is forged', () => {
  it('is refused where it is forged, and that of another node serves', async () => {
    const world = two.fresh();
    world.lose();
    world.forge('zk-zookeeper-0');

    const found = await world.imported();

    expect(found.from).toEqual(['zk-zookeeper-1']);
    expect(found.notRestored).toContain(
      'the record of zk-zookeeper-0 does not count: The cluster record is not signed by the operator identity: it is forged.',
    );
  });
});

/** The last operation is another one. */
function withoutOperation(shown: unknown): unknown {
  return { ...(shown as Readonly<Record<string, unknown>>), operation: null };
}
