import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flattenSteps, type Plan } from '../../../src/plan/plan.js';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from './memory-bde.js';
import { CREATE, forEachTwo, RESUME, show, ZOOKEEPER_REPOS } from './zookeeper-cluster.js';

const CONFIG = ['cluster', 'config', 'zk', '--set', 'configuration.zookeeper.tickTimeMs=3000'];

/** One point in so many is tried; all of them where the long tests run too. */
const ONE_IN = process.env['BDE_TEST_ALL'] === '1' ? 1 : 4;

interface OperationJson {
  readonly id: string;
  readonly kind: string;
  readonly cluster: string | null;
  readonly state: string;
  readonly undoes: string | null;
  readonly undoneBy: string | null;
}

let bde: MemoryBde;
/** Two members, the second of which does not take the setting; nobody changes it, tests take copies. */
let bad: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde();
  bad = bde.newWorld(ZOOKEEPER_REPOS);
  await json(bad, [...CREATE, '--set', 'nodeGroups.zookeeper.instanceNum=2']);
  const { plan } = await json<{ readonly plan: Plan }>(bad, [...CONFIG, '--plan', '--json']);
  const step = flattenSteps(plan.steps).find(({ id }) => id === 'converge/zk-zookeeper-1/zookeeper');
  const digest = step?.kind === 'converge' ? step.digest : null;
  const lines = [
    JSON.stringify({ resource: 'service[zookeeper]', outcome: 'failed', ms: 1, detail: 'it does not start' }),
  ];
  const runs = { 'zk-zookeeper-1/zookeeper': { exitCode: 1, digest, lines, stderr: 'no such tick' } };
  writeFileSync(join(bad.world, 'outcomes.json'), JSON.stringify({ runs }));
});

afterAll(() => bde.remove());

async function json<Result>(world: MemoryWorldPaths, argv: readonly string[]): Promise<Result> {
  const ended = await bde.run(world, argv);
  expect(ended.exitCode, `${argv.join(' ')}: ${ended.stdout}${ended.stderr}`).toBe(0);
  return JSON.parse(ended.stdout) as Result;
}

/** Operations of the cluster, the newest first. */
async function operations(world: MemoryWorldPaths): Promise<readonly OperationJson[]> {
  const listed = await json<{ readonly operations: readonly OperationJson[] }>(world, ['operation', 'list', '--json']);
  return listed.operations.filter(({ cluster }) => cluster === 'zk');
}

/** The fault points that the change passes, its rollback's among them. */
async function points(world: MemoryWorldPaths): Promise<readonly string[]> {
  const file = join(world.dir, 'points');
  await bde.run(world, CONFIG, { BDE_FAULT: `list:${file}` });
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

describe('a bad setting', () => {
  let world: MemoryWorldPaths;
  let ended: Ended;

  beforeAll(async () => {
    world = bde.copyWorld(bad);
    ended = await bde.run(world, CONFIG);
  });

  it('ends with the exit code of what failed, and says first that, then what was rolled back', async () => {
    const [rollback, config] = await operations(world);

    expect(ended.exitCode).toBe(7);
    const said = ended.stderr.slice(ended.stderr.indexOf('error: '));
    expect(said.trimEnd().split('\n')).toEqual([
      'error: service[zookeeper] of zookeeper on zk-zookeeper-1 failed: it does not start [CONVERGE_FAILED]',
      '  where:  cluster zk, node zk-zookeeper-1, role zookeeper, step converge/zk-zookeeper-1/zookeeper, resource service[zookeeper]',
      '  output:',
      '    | no such tick',
      `  then:   Operation ${rollback!.id} rolled back 1 node (zk-zookeeper-0): the cluster is as before operation ${config!.id}.`,
      '  next:   Give another value: bde cluster config zk --set PATH=VALUE; with --no-rollback what failed is kept, to be looked at.',
    ]);
  });

  it('shows the plan of the rollback before that begins', () => {
    const [before = '', after = ''] = ended.stderr.split(/Operation \S+ rolls back what operation \S+ changed .*\n/);

    expect(before).toContain('The config failed: service[zookeeper] of zookeeper on zk-zookeeper-1 failed');
    expect(after).toMatch(/^STEP +DIGEST +TAKES +WHY\nroll\/zookeeper .*\n *converge\/zk-zookeeper-0\/zookeeper /);
    expect(after).toMatch(/zk-zookeeper-0 converge zookeeper: runs\n/);
  });

  it('links both operations, and leaves nothing to resume', async () => {
    const [rollback, config] = await operations(world);

    expect(rollback).toMatchObject({ kind: 'rollback', state: 'succeeded', undoes: config!.id });
    expect(config).toMatchObject({ kind: 'config', state: 'failed', undoneBy: rollback!.id });
    const resumed = await bde.run(world, ['cluster', 'resume', 'zk']);
    expect(resumed.stdout).toContain(
      `Nothing to do: what operation ${config!.id} changed was rolled back, and zk is as before it.`,
    );
    const { events } = await json<{ readonly events: readonly { readonly kind: string; readonly data: unknown }[] }>(
      world,
      ['cluster', 'events', 'zk', '--json'],
    );
    expect(events.filter(({ kind }) => kind === 'rollback')).toMatchObject([{ data: { undoes: config!.id } }]);
  });

  it('stays as it is where that is asked for, in JSON too', async () => {
    const kept = bde.copyWorld(bad);

    const failed = await bde.run(kept, [...CONFIG, '--no-rollback', '--json']);

    expect(failed.exitCode).toBe(7);
    const { error } = JSON.parse(failed.stdout) as { readonly error: Readonly<Record<string, unknown>> };
    expect(error).toMatchObject({ code: 'CONVERGE_FAILED', aftermath: null });
    expect((await operations(kept)).map(({ kind }) => kind)).toEqual(['config', 'create']);
  });
});

describe('a bad setting whose controller is killed at a fault point', () => {
  it('is rolled back by a resume, as without the kill', async () => {
    const whole = bde.copyWorld(bad);
    const before = await show(bde, whole);
    const all = await points(whole);
    const sample = all.filter((_, index) => index % ONE_IN === all.length % ONE_IN);

    expect(all).toEqual(expect.arrayContaining(['finish-config:-:-:recorded', 'begin-rollback:-:-:recorded']));
    expect(await show(bde, whole)).toEqual(before);
    await forEachTwo(sample, async (point) => {
      const world = bde.copyWorld(bad);
      const killed = await bde.run(world, CONFIG, { BDE_FAULT: `kill@${point}` });
      expect(killed.signal, `${point}: ${killed.stderr}`).toBe('SIGKILL');

      const resumed = await bde.run(world, RESUME);

      expect([0, 7], `${point}: ${resumed.stdout}${resumed.stderr}`).toContain(resumed.exitCode);
      expect(await show(bde, world), `${point}: ${resumed.stdout}${resumed.stderr}`).toEqual(before);
      expect((await operations(world))[0], point).toMatchObject({ kind: 'rollback', state: 'succeeded' });
    });
  });
});
