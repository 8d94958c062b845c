import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdNext } from '../../fakes/hold-points.js';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { buildMemoryBde, type MemoryBde, type MemoryWorldPaths } from '../engine/memory-bde.js';
import { layOwnData } from './own-data.js';

let bde: MemoryBde;
let world: MemoryWorldPaths;
let argv: readonly string[];

beforeAll(async () => {
  bde = await buildMemoryBde();
});

beforeEach(() => {
  world = bde.newWorld();
  argv = ['cookbook', 'test', 'motd', '--cookbooks', layOwnData(join(world.dir, 'own')).cookbooks];
});

afterAll(() => bde.remove());

/** Machines that are there now, of whatever home. */
function machineCount(): number {
  return Object.keys(readMemoryWorld(world.world).machines).length;
}

function script(outcomes: object): void {
  writeFileSync(join(world.world, 'outcomes.json'), JSON.stringify(outcomes));
}

const line = (resource: string, outcome: string, ms = 1) => JSON.stringify({ resource, outcome, ms });

describe('bde cookbook test', () => {
  it('converges twice, calls what does not change again idempotent, and leaves nothing', async () => {
    const { exitCode, stdout, stderr } = await bde.run(world, [...argv, '--json']);

    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      cookbook: 'motd',
      roles: ['greeter'],
      kept: null,
      idempotent: true,
      changedFirst: 2,
      changedAgain: [],
      disagreements: [],
      resources: expect.arrayContaining([
        expect.objectContaining({
          role: 'greeter',
          resource: 'fake[greeter]',
          first: 'changed',
          check: 'unchanged',
          second: 'unchanged',
        }),
      ]) as unknown[],
    });
    expect(machineCount()).toBe(0);
    expect(existsSync(join(world.home, 'store.sqlite'))).toBe(false);
  });

  it('ends with 7 and names what changed again', async () => {
    script({ runs: { greeter: { lines: [line('file[/etc/motd]', 'unchanged'), line('execute[x]', 'changed', 70)] } } });

    const { exitCode, stdout } = await bde.run(world, argv);

    expect(exitCode).toBe(7);
    expect(stdout).toContain(
      'Second run: 1 resource changed again. It is NOT idempotent:\n  execute[x] of greeter on ',
    );
    expect(stdout.split('\n').find((each) => each.startsWith('execute[x]'))).toMatch(/ 70 ms +70 ms$/);
    expect(machineCount()).toBe(0);
  });

  it('passes on the failure of a run, and leaves nothing', async () => {
    script({ runs: { greeter: { exitCode: 1, lines: [line('file[/etc/motd]', 'failed')] } } });

    const { exitCode, stdout } = await bde.run(world, [...argv, '--json']);

    expect(exitCode).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CONVERGE_FAILED' } });
    expect(machineCount()).toBe(0);
  });

  it('keeps the machines where it is told to, and says how to get at them', async () => {
    const { exitCode, stdout } = await bde.run(world, [...argv, '--keep', '--json']);
    const { kept } = JSON.parse(stdout) as { kept: { home: string; cluster: string } };
    const env = { BDE_HOME: kept.home, BDE_IDENTITY: join(kept.home, 'identity') };

    expect(exitCode).toBe(0);
    expect(machineCount()).toBe(1);
    expect((await bde.run(world, ['cluster', 'delete', kept.cluster, '--yes'], env)).exitCode).toBe(0);
    expect(machineCount()).toBe(0);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves nothing behind after %s', async (signal, code) => {
    const before = leftInTmp();
    const held = holdNext(world.world, 'template');
    const running = bde.start(world, argv);
    await held.reached();

    running.kill(signal);
    await running.said('Stopping: what runs ends first');
    held.release();
    const ended = await running.ended;

    expect(ended.exitCode, ended.stderr).toBe(code);
    expect(machineCount()).toBe(0);
    expect(leftInTmp()).toEqual(before);
  });

  it('refuses a role that the cookbook does not have', async () => {
    const { exitCode, stderr } = await bde.run(world, [...argv, '--role', 'greter']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('The cookbook motd has no role "greter"; there are greeter; did you mean "greeter"?');
  });
});

function leftInTmp(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('bde-cookbook-test-'));
}
