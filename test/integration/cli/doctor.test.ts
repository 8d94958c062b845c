import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readMemoryWorld } from '../../fakes/memory-provider.js';
import { buildMemoryBde, type MemoryBde, type MemoryWorldPaths } from '../engine/memory-bde.js';

interface Report {
  readonly healthy: boolean;
  readonly findings: readonly { level: string; what: string; where: string | null; why: string; next: string | null }[];
  readonly mended: readonly string[];
}

let bde: MemoryBde;
let world: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde();
});

beforeEach(() => {
  world = bde.newWorld();
});

afterAll(() => bde.remove());

async function doctor(...flags: string[]): Promise<Report & { readonly exitCode: number | null }> {
  const { stdout, exitCode } = await bde.run(world, ['doctor', '--json', ...flags]);
  return { ...(JSON.parse(stdout) as Report), exitCode };
}

function levelsOf({ findings }: Report): readonly string[] {
  return findings.filter(({ level }) => level !== 'ok').map(({ level, what }) => `${level} ${what}`);
}

async function makeCluster(): Promise<void> {
  await bde.run(world, ['cluster', 'create', 'z1', '--spec', 'bare/basic']);
}

describe('bde doctor', () => {
  it('finds nothing on a fresh host and makes neither store nor identity', async () => {
    const report = await doctor();

    expect(report).toMatchObject({ exitCode: 0, healthy: true, mended: [] });
    expect(levelsOf(report)).toEqual([]);
    expect(readdirSync(world.home)).toEqual([]);
    expect(existsSync(join(world.dir, 'identity'))).toBe(false);
  });

  it('finds nothing after a cluster was made', async () => {
    await makeCluster();

    expect(await doctor()).toMatchObject({ exitCode: 0, healthy: true });
  });

  it('tells an identity that others may read', async () => {
    await makeCluster();
    chmodSync(join(world.dir, 'identity'), 0o644);

    const report = await doctor();

    expect(report.exitCode).toBe(4);
    expect(report.findings.find(({ what }) => what === 'identity')).toMatchObject({
      level: 'problem',
      next: `Run: chmod 600 ${join(world.dir, 'identity')}`,
    });
  });

  it('tells an identity that is gone', async () => {
    await makeCluster();
    rmSync(join(world.dir, 'identity'));

    expect(levelsOf(await doctor())).toEqual(['problem identity']);
  });

  it('tells a store that is none', async () => {
    await makeCluster();
    for (const file of readdirSync(world.home)) rmSync(join(world.home, file), { recursive: true });
    writeFileSync(join(world.home, 'store.sqlite'), 'not a database, and long enough to be looked at as one');

    expect(levelsOf(await doctor())).toEqual(['problem store']);
  });

  it('names machines that a lost home left, and destroys them only when told by name', async () => {
    await makeCluster();
    rmSync(world.home, { recursive: true });

    const found = await doctor();
    const asked = await bde.run(world, ['doctor', '--fix', '--destroy-unknown']);
    const untouched = Object.keys(readMemoryWorld(world.world).machines).length;
    const spared = await doctor('--fix', '--yes');
    const fixed = await doctor('--fix', '--destroy-unknown', '--yes');

    expect(found.exitCode).toBe(4);
    expect(levelsOf(found)).toEqual(['problem machines']);
    expect(found.findings.find(({ what }) => what === 'machines')?.why).toMatch(
      /^there are machines of a cluster z1 \(\w+\) that this home does not know: z1-node-0, z1-node-1, z1-node-2$/,
    );
    expect(asked).toMatchObject({ exitCode: 2, stdout: '' });
    expect(asked.stderr).toContain('destroy 3 machines (z1-node-0, z1-node-1, z1-node-2)');
    expect(untouched).toBe(3);
    expect(spared).toMatchObject({ exitCode: 4, mended: [] });
    expect(fixed).toMatchObject({ exitCode: 0, healthy: true });
    expect(fixed.mended).toHaveLength(3);
    expect(readMemoryWorld(world.world).machines).toEqual({});
  });
});
