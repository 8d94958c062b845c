import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdNext } from '../../fakes/hold-points.js';
import { readMemoryMirror } from '../../fakes/memory-mirror.js';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths, type Running } from './memory-bde.js';
import { CREATE, DELETE, RESUME, SHOW, untilHeld, ZOOKEEPER_REPOS } from './zookeeper-cluster.js';

/** A lease that runs out while a test waits for it. */
const SHORT_LEASE = { BDE_LEASE_SECONDS: '4' };

let bde: MemoryBde;

beforeAll(async () => {
  bde = await buildMemoryBde();
});

afterAll(() => bde.remove());

/** The runs that a node has, as it has them: under which id and epoch. */
function runsOf({ world }: MemoryWorldPaths, node: string): readonly string[] {
  const { machines } = readMemoryWorld(world);
  const id = Object.keys(machines).find((each) => machines[each]?.mark.nodeName === node) ?? '';
  const runs = join(world, 'nodes', id, 'runs');
  return existsSync(runs) ? readdirSync(runs).map((run) => `${run} ${readFileSync(join(runs, run), 'utf8')}`) : [];
}

function runsOnNodes(world: MemoryWorldPaths): readonly string[] {
  return ['zk-zookeeper-0', 'zk-zookeeper-1', 'zk-zookeeper-2'].flatMap((node) => runsOf(world, node));
}

function errorOf(ended: Ended): { readonly code: string; readonly message: string; readonly hint: string } {
  return (JSON.parse(ended.stdout) as { error: { code: string; message: string; hint: string } }).error;
}

/** Tries again while the lease of a stopped controller has not run out: nothing tells when that is but trying. */
async function resumeWhenFree(world: MemoryWorldPaths): Promise<Ended> {
  for (let turn = 0; turn < 100; turn += 1) {
    const resumed = await bde.run(world, RESUME, SHORT_LEASE);
    if (resumed.exitCode !== 9) return resumed;
    await sleep(50);
  }
  throw new Error('the lease did not run out');
}

/**
 * Freezes a controller while it writes nothing: just after it renewed its lease, and everything else waits. Frozen in the
 * middle of a write it would keep the store's lock, and nobody could take over.
 */
async function freeze(controller: Running, { home }: MemoryWorldPaths): Promise<void> {
  const log = join(home, 'store.sqlite-wal');
  let last = statSync(log).mtimeMs;
  let renewals = 0;
  for (let quiet = 0; renewals === 0 || quiet < 5; quiet += 1) {
    await sleep(20);
    const now = statSync(log).mtimeMs;
    if (now === last) continue;
    // A write after a long pause is a renewal: all others come one upon the other.
    renewals = quiet > 10 ? renewals + 1 : 0;
    quiet = 0;
    last = now;
  }
  controller.kill('SIGSTOP');
}

describe('a controller that is frozen past its lease', () => {
  it('ends with 9 when it wakes, and does nothing after the take-over', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const run = holdNext(world.world, 'run zk-zookeeper-1 zookeeper');
    const first = bde.start(world, CREATE, SHORT_LEASE);
    await untilHeld(run, first);
    await freeze(first, world);

    const resumed = await resumeWhenFree(world);
    const runs = runsOnNodes(world);
    const machines = readMemoryWorld(world.world);
    run.release();
    first.kill('SIGCONT');
    const woken = await first.ended;

    expect(resumed.exitCode, resumed.stdout).toBe(0);
    expect(woken.exitCode, woken.stdout).toBe(9);
    expect(errorOf(woken).code).toBe('LEASE_LOST');
    expect(runsOnNodes(world)).toEqual(runs);
    expect(readMemoryWorld(world.world)).toEqual(machines);
    expect(JSON.parse((await bde.run(world, SHOW)).stdout)).toMatchObject({
      state: 'RUNNING',
      operation: { state: 'succeeded' },
    });
  });

  it('does nothing on a node that the second has not reached yet', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const heldFirst = holdNext(world.world, 'run zk-zookeeper-2 basic');
    const first = bde.start(world, CREATE, SHORT_LEASE);
    await untilHeld(heldFirst, first);
    await freeze(first, world);
    const heldSecond = holdNext(world.world, 'run zk-zookeeper-2 basic');
    const resuming = resumeWhenFree(world);
    await heldSecond.reached();
    const before = runsOf(world, 'zk-zookeeper-2');

    heldFirst.release();
    first.kill('SIGCONT');
    const woken = await first.ended;
    const after = runsOf(world, 'zk-zookeeper-2');
    heldSecond.release();
    const resumed = await resuming;

    expect(woken.exitCode, woken.stdout).toBe(9);
    expect([before, after]).toEqual([[], []]);
    expect(resumed.exitCode, resumed.stdout).toBe(0);
  });
});

describe('two commands on one cluster', () => {
  it('let the first go on and tell the second who is at work and what to do', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const create = holdNext(world.world, 'create zk-zookeeper-0');
    const first = bde.start(world, CREATE);
    await untilHeld(create, first);

    const second = await bde.run(world, DELETE);
    const shown = JSON.parse((await bde.run(world, SHOW)).stdout) as { next: string[]; state: string };
    create.release();
    const created = await first.ended;

    expect(second.exitCode).toBe(9);
    expect(errorOf(second).message).toMatch(/^A create by \S+ \(process \d+ on \S+\) is at work on the cluster zk\.$/);
    expect(errorOf(second).hint).toContain('bde cluster events zk --follow');
    expect(['PROVISIONING', 'CONVERGING']).toContain(shown.state);
    expect(shown.next[0]).toBe('bde cluster events zk --follow');
    expect(created.exitCode, created.stderr).toBe(0);
  });
});

describe('a cancel', () => {
  it('is heard before the next step starts, and what it leaves can be resumed', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const held = holdNext(world.world, 'create zk-zookeeper-0');
    const first = bde.start(world, CREATE);
    await untilHeld(held, first);

    const asked = await bde.run(world, ['cluster', 'cancel', 'zk', '--json']);
    held.release();
    const cancelled = await first.ended;
    const runs = runsOf(world, 'zk-zookeeper-0');
    const resumed = await bde.run(world, RESUME);

    expect(JSON.parse(asked.stdout)).toMatchObject({ changed: true });
    expect(cancelled.exitCode, cancelled.stdout).toBe(9);
    expect(errorOf(cancelled).code).toBe('CANCELLED');
    expect(runs).toEqual([]);
    expect(resumed.exitCode, resumed.stdout).toBe(0);
  });

  it('is heard while a step only waits', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const outcomes = { commands: { 'sh -c': { exitCode: 1 } } };
    writeFileSync(join(world.world, 'outcomes.json'), JSON.stringify(outcomes));
    const first = bde.start(world, CREATE);
    await first.said('waits for');

    await bde.run(world, ['cluster', 'cancel', 'zk', '--json']);
    const cancelled = await first.ended;

    expect(cancelled.exitCode, cancelled.stdout).toBe(9);
    expect(errorOf(cancelled).code).toBe('CANCELLED');
  });
});

describe('two creates at once', () => {
  it('of one name: one wins, the other ends with 4, nothing leaks', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);

    const ended = await Promise.all([bde.run(world, CREATE), bde.run(world, CREATE)]);

    const codes = ended.map(({ exitCode }) => exitCode).sort();
    expect(codes, ended.map(({ stdout }) => stdout).join('\n')).toEqual([0, 4]);
    const refused = ended.find(({ exitCode }) => exitCode === 4);
    expect(refused === undefined ? null : errorOf(refused).code).toBe('CLUSTER_EXISTS');
    expect(Object.keys(readMemoryWorld(world.world).machines)).toHaveLength(3);
    const addresses = Object.values(readMemoryWorld(world.world).machines).flatMap((machine) => machine.addresses);
    expect([...addresses].sort()).toEqual(['10.64.0.10', '10.64.0.11', '10.64.0.12']);
  });

  it('of two names both end RUNNING, on addresses of their own', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const other = CREATE.map((word) => (word === 'zk' ? 'zk2' : word));

    const ended = await Promise.all([bde.run(world, CREATE), bde.run(world, other)]);

    expect(
      ended.map(({ exitCode }) => exitCode),
      ended.map(({ stdout }) => stdout).join('\n'),
    ).toEqual([0, 0]);
    const addresses = Object.values(readMemoryWorld(world.world).machines).flatMap((machine) => machine.addresses);
    expect(new Set(addresses).size).toBe(6);
    expect(Object.keys(readMemoryMirror(world.world).published)).toHaveLength(2);
  });
});

describe('a cluster whose controller was killed', () => {
  it('is shown as interrupted, with the command that goes on', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    await bde.run(world, CREATE, { BDE_FAULT: 'kill@run:zk-zookeeper-0:zookeeper:before' });

    const shown: unknown = JSON.parse((await bde.run(world, SHOW)).stdout);

    expect(shown).toMatchObject({
      state: 'CONVERGING',
      operation: { kind: 'create', state: 'interrupted', outcome: 'its controller is gone' },
      next: ['bde cluster resume zk', expect.stringContaining('bde operation show'), 'bde cluster delete zk'],
    });
  });
});
