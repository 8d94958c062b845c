import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdNext } from '../../fakes/hold-points.js';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { buildMemoryBde, type MemoryBde, type MemoryWorldPaths, type Running } from './memory-bde.js';
import { CREATE, RESUME, SHOW, untilHeld, ZOOKEEPER_REPOS } from './zookeeper-cluster.js';

let bde: MemoryBde;

beforeAll(async () => {
  bde = await buildMemoryBde();
});

afterAll(() => bde.remove());

/** A place in each phase of a create. */
const PHASES = [
  ['prepare', 'template'],
  ['cloning', 'create zk-zookeeper-1'],
  ['packages', 'run zk-zookeeper-0 packages'],
  ['converge', 'run zk-zookeeper-2 zookeeper'],
] as const;

async function expectResumable(world: MemoryWorldPaths): Promise<void> {
  expect(JSON.parse((await bde.run(world, SHOW)).stdout)).toMatchObject({
    operation: { kind: 'create', state: 'interrupted', outcome: 'stopped on request' },
    next: ['bde cluster resume zk', expect.anything(), expect.anything()],
  });
  const resumed = await bde.run(world, RESUME);
  expect(resumed.exitCode, `${resumed.stdout}${resumed.stderr}`).toBe(0);
  expect(JSON.parse((await bde.run(world, SHOW)).stdout)).toMatchObject({ state: 'RUNNING' });
  expect(Object.keys(readMemoryWorld(world.world).machines)).toHaveLength(3);
}

describe('the first Ctrl-C', () => {
  it.each(PHASES)('in %s lets what runs end, and leaves a resumable operation', async (_, place) => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const held = holdNext(world.world, place);
    const create = bde.start(world, CREATE);
    await untilHeld(held, create);

    create.kill('SIGINT');
    await untilTold(create);
    held.release();
    const ended = await create.ended;

    expect(ended.exitCode, ended.stdout).toBe(130);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'INTERRUPTED' }, exitCode: 130 });
    await expectResumable(world);
  });

  it('ends a wait for readiness at once', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const never = { commands: { 'said=$(printf srvr': { exitCode: 1, stdout: 'no leader\n' } } };
    writeFileSync(join(world.world, 'outcomes.json'), JSON.stringify(never));
    const create = bde.start(world, CREATE);
    await create.said('zookeeper ready: waits');

    create.kill('SIGINT');
    const ended = await create.ended;

    expect(ended.exitCode).toBe(130);
    writeFileSync(join(world.world, 'outcomes.json'), '{}');
    await expectResumable(world);
  });
});

/** The signal has reached the program's own handler. */
async function untilTold(running: Running): Promise<void> {
  await running.said('Stopping: what runs ends first');
}

describe('the second Ctrl-C', () => {
  it.each(PHASES)('in %s waits for nothing, and leaves a resumable operation', async (_, place) => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const held = holdNext(world.world, place);
    const create = bde.start(world, CREATE);
    await untilHeld(held, create);

    create.kill('SIGINT');
    await untilTold(create);
    create.kill('SIGINT');
    const ended = await create.ended;
    held.release();

    expect(ended.exitCode, ended.stdout).toBe(130);
    await expectResumable(world);
  });
});

describe('SIGTERM', () => {
  it('ends with 143 and leaves a resumable operation', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const held = holdNext(world.world, 'create zk-zookeeper-0');
    const create = bde.start(world, CREATE);
    await untilHeld(held, create);

    create.kill('SIGTERM');
    await untilTold(create);
    held.release();
    const ended = await create.ended;

    expect(ended.exitCode).toBe(143);
    await expectResumable(world);
  });
});

describe('a delete that is interrupted', () => {
  it('stays DELETING and is ended by a resume', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    await bde.run(world, CREATE);
    const held = holdNext(world.world, 'destroy zk-zookeeper-1');
    const remove = bde.start(world, ['cluster', 'delete', 'zk', '--yes']);
    await untilHeld(held, remove);

    remove.kill('SIGINT');
    await untilTold(remove);
    held.release();
    const ended = await remove.ended;

    expect(ended.exitCode).toBe(130);
    expect(JSON.parse((await bde.run(world, SHOW)).stdout)).toMatchObject({ state: 'DELETING' });
    expect((await bde.run(world, RESUME)).exitCode).toBe(0);
    expect(readMemoryWorld(world.world).machines).toEqual({});
  });
});
