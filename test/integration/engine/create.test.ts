import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { readRunLog } from '../../fakes/memory-nodes.js';
import { buildMemoryBde, type MemoryBde, type MemoryWorldPaths } from './memory-bde.js';
import { CONVERGE, CREATE, DELETE, RESUME, SHOW, ZOOKEEPER_REPOS } from './zookeeper-cluster.js';

let bde: MemoryBde;
/** A world in which the cluster runs; tests that change it take a copy. */
let running: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde();
  running = bde.newWorld(ZOOKEEPER_REPOS);
  await bde.run(running, CREATE);
});

afterAll(() => bde.remove());

interface PlanJson {
  readonly plan: { readonly steps: readonly { readonly id: string }[] };
  readonly cluster: { readonly steps: readonly { readonly id: string }[] };
}

interface OperationJson {
  readonly operations: readonly { readonly id: string; readonly kind: string }[];
  readonly steps: readonly { readonly id: string }[];
}

async function json<Value>(world: MemoryWorldPaths, argv: readonly string[]): Promise<Value> {
  const ended = await bde.run(world, argv);
  expect(ended.exitCode, `${ended.stdout}${ended.stderr}`).toBe(0);
  return JSON.parse(ended.stdout) as Value;
}

function runLogs(world: MemoryWorldPaths): readonly string[] {
  return Object.keys(readMemoryWorld(world.world).machines).flatMap((id) => readRunLog(world.world, id));
}

describe('bde cluster create', () => {
  it('ends RUNNING with every node on a machine', async () => {
    const { state, nodes } = await json<{ state: string; nodes: { machine: unknown }[] }>(running, SHOW);

    expect(state).toBe('RUNNING');
    expect(nodes.filter((node) => node.machine !== null)).toHaveLength(3);
  });

  it('plans exactly the steps that its operation then lists', async () => {
    const preview = await json<PlanJson>(bde.newWorld(ZOOKEEPER_REPOS), [...CREATE, '--plan']);
    const { operations } = await json<OperationJson>(running, ['operation', 'list', '--json']);
    const id = operations.find(({ kind }) => kind === 'create')?.id ?? '';

    const shown = await json<OperationJson>(running, ['operation', 'show', id, '--json']);

    expect(preview.cluster.steps.map((step) => step.id)).toEqual(shown.steps.map((step) => step.id));
  });

  it('says with --plan that there is something to do, and does nothing', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);

    const planned = await bde.run(world, [...CREATE, '--plan', '--detailed-exitcode']);

    expect(planned.exitCode).toBe(10);
    expect(readMemoryWorld(world.world)).toEqual({ machines: {}, templates: [], hasNetwork: false });
    expect(await json(world, ['operation', 'list', '--json'])).toEqual({ formatVersion: 1, operations: [] });
  });

  it('tells every finding of preflight at once, and makes nothing', async () => {
    const world = bde.newWorld({ java: { packages: [], missing: ['java-17-openjdk-headless'] } });

    const refused = await bde.run(world, CREATE);

    expect(refused.exitCode).toBe(4);
    const { error } = JSON.parse(refused.stdout) as { error: { failures: { message: string }[] } };
    const found = error.failures.map(({ message }) => message).join('\n');
    expect(found).toContain('The package repo java lacks java-17-openjdk-headless');
    expect(found).toContain('The distro names the package repo zookeeper, and there is none.');
    expect(readMemoryWorld(world.world).machines).toEqual({});
  });

  it('ends with 4 where the name is taken', async () => {
    const again = await bde.run(running, CREATE);

    expect(again.exitCode).toBe(4);
    expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'CLUSTER_EXISTS' } });
  });
});

describe('a second run', () => {
  it('of resume does nothing and says so', async () => {
    const before = runLogs(running);

    const resumed = await json(running, RESUME);

    expect(resumed).toMatchObject({ outcome: 'nothing-to-do' });
    expect(runLogs(running)).toEqual(before);
  });

  it('of converge runs each script once more, changes nothing and makes no machine', async () => {
    const world = bde.copyWorld(running);
    const before = runLogs(world);
    const machines = Object.keys(readMemoryWorld(world.world).machines);

    const converged = await bde.run(world, CONVERGE);

    expect(converged.stderr).toContain('zk-zookeeper-2 packages: unchanged');
    expect(converged.stderr).not.toMatch(/(converge \w+|packages): done/);
    expect(runLogs(world)).toHaveLength(2 * before.length);
    expect(Object.keys(readMemoryWorld(world.world).machines)).toEqual(machines);
  });

  it('of converge --plan gives the same plan', async () => {
    const first = await json<PlanJson>(running, [...CONVERGE, '--plan']);

    const second = await json<PlanJson>(running, [...CONVERGE, '--plan']);

    expect(second).toEqual(first);
    expect(first.plan.steps.length).toBeGreaterThan(5);
  });
});

describe('a name that is used again', () => {
  it('makes a new cluster with the addresses that are free again', async () => {
    const world = bde.copyWorld(running);
    await bde.run(world, DELETE);

    const created = await bde.run(world, CREATE);

    expect(created.exitCode, created.stderr).toBe(0);
    const { nodes } = await json<{ nodes: { address: string }[] }>(world, SHOW);
    expect(nodes.map((node) => node.address)).toEqual(['10.64.0.10', '10.64.0.11', '10.64.0.12']);
  });
});

describe('a failure', () => {
  it('of a run ends with 7, and its resource, node and next command', async () => {
    const world = bde.newWorld(ZOOKEEPER_REPOS);
    const line = JSON.stringify({ resource: 'service[zookeeper]', outcome: 'failed', ms: 3, detail: 'exit code 1' });
    writeFileSync(
      join(world.world, 'outcomes.json'),
      JSON.stringify({ runs: { 'zk-zookeeper-1/zookeeper': { exitCode: 1, lines: [line] } } }),
    );

    const failed = await bde.run(world, ['cluster', 'create', 'zk', '--spec', 'zookeeper/basic']);

    expect(failed.exitCode).toBe(7);
    expect(failed.stderr).toContain('service[zookeeper] of zookeeper on zk-zookeeper-1 failed: exit code 1');
    expect(failed.stderr).toContain('bde cluster resume zk');
    expect(await json(world, SHOW)).toMatchObject({
      state: 'FAILED',
      next: ['bde cluster resume zk', expect.anything(), expect.anything()],
    });
  });
});
