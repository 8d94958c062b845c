import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMemoryBde, type MemoryBde } from './memory-bde.js';
import { SavedWorld } from './saved-world.js';

let bde: MemoryBde;
let world: SavedWorld;

beforeAll(async () => {
  bde = await buildMemoryBde();
  world = await SavedWorld.make(bde, 1);
});

afterAll(() => bde.remove());

function inWorld(name: string): string {
  return join(world.paths.dir, name);
}

describe('the restore of a backup', () => {
  it('replaces no state unless it is forced to, and keeps what was there', async () => {
    world.fresh();
    await world.run(['state', 'backup', inWorld('backup')]);

    const refused = await world.failure(['state', 'restore', inWorld('backup'), '--json'], 4);
    await world.run(['state', 'restore', inWorld('backup'), '--force']);

    expect(refused).toMatchObject({ code: 'GUARD_REFUSED' });
    const aside = readdirSync(dirname(world.paths.home)).filter((name) =>
      name.startsWith(`${basename(world.paths.home)}.replaced-`),
    );
    expect(aside.map((name) => existsSync(join(dirname(world.paths.home), name, 'store.sqlite')))).toEqual([true]);
    expect((await world.run(['cluster', 'list'])).stdout).toContain('zk');
  });

  it('is refused where another identity made it, where it is damaged, and in another home', async () => {
    world.fresh();
    await world.run(['state', 'backup', inWorld('backup')]);
    const restore = ['state', 'restore', inWorld('backup'), '--json'];
    const elsewhere = await world.failure(restore, 9, { BDE_HOME: inWorld('elsewhere') });
    rmSync(world.paths.home, { recursive: true });
    const whole = readFileSync(inWorld('backup'));

    writeFileSync(inWorld('backup'), Buffer.from(whole).fill(0x41, 4000, 4010));
    const damaged = await world.failure(restore, 9);
    writeFileSync(inWorld('backup'), whole);
    rmSync(inWorld('identity'));
    await world.run(['cluster', 'list']);
    await world.run(['cluster', 'create', 'other', '--spec', 'bare/basic', '--json'], 0, {
      BDE_HOME: inWorld('other'),
    });
    const stranger = await world.failure(restore, 9);

    expect([elsewhere.code, damaged.code, stranger.code]).toEqual([
      'BACKUP_INVALID',
      'BACKUP_INVALID',
      'IDENTITY_MISSING',
    ]);
  });
});
