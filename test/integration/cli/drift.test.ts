import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from '../engine/memory-bde.js';

const HAS_SYSTEMD = spawnSync('systemd-analyze', ['--version']).status === 0;

let bde: MemoryBde;
let world: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde({ 'bin/bde': '#!/bin/sh\n' });
  world = bde.newWorld();
  const created = await run('cluster', 'create', 'd1', '--spec', 'bare/basic');
  expect(created.exitCode, created.stderr).toBe(0);
});

afterAll(() => bde.remove());

function run(...argv: readonly string[]): Promise<Ended> {
  return bde.run(world, argv);
}

/** Makes every run of the base role on d1 print this. */
function script(...lines: readonly object[]): void {
  const outcomes = lines.length === 0 ? {} : { runs: { basic: { lines: lines.map((line) => JSON.stringify(line)) } } };
  writeFileSync(join(world.world, 'outcomes.json'), JSON.stringify(outcomes));
}

describe('bde cluster drift', () => {
  it('ends with 0 where all is as it was applied', async () => {
    script();

    const { exitCode, stdout } = await run('cluster', 'drift', 'd1');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^No drift: \d+ resources of d1 are as they were applied\.$/m);
  });

  it('ends with 10 where something differs, and shows how when asked', async () => {
    script({ resource: 'file[/a]', outcome: 'would-change', ms: 1, detail: 'content', diff: '-a\n+b\n' });

    const { exitCode, stdout } = await run('cluster', 'drift', 'd1', '--diff', '--node', 'd1-node-0');

    expect(exitCode).toBe(10);
    expect(stdout.split('\n')).toEqual([
      'NODE       ROLE   RESOURCE  DETAIL',
      'd1-node-0  basic  file[/a]  content',
      '',
      '-a',
      '+b',
      '',
      'Put it right with: bde cluster converge d1',
      '',
    ]);
  });

  it('counts a resource that cannot be looked at as a difference', async () => {
    script({ resource: 'user[u]', outcome: 'failed', ms: 1, detail: 'no getent' });

    const { exitCode, stdout } = await run('cluster', 'drift', 'd1', '--node', 'd1-node-0', '--json');

    expect(exitCode).toBe(10);
    expect(JSON.parse(stdout)).toMatchObject({
      drifted: true,
      differences: [{ node: 'd1-node-0', resource: 'user[u]', outcome: 'failed', detail: 'no getent', diff: null }],
    });
  });

  it('changes nothing, and is no operation', async () => {
    script();
    const before = (await run('operation', 'list', '--json')).stdout;

    await run('cluster', 'drift', 'd1');

    expect((await run('operation', 'list', '--json')).stdout).toBe(before);
  });
});

describe('the timer', () => {
  it('is printed, each unit with its name', async () => {
    const { exitCode, stdout } = await run('cluster', 'drift', 'd1', '--print-timer');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^# bde-drift-d1\.service\n\[Unit\]$/m);
    expect(stdout).toMatch(/^# bde-drift-d1\.timer\n\[Unit\]$/m);
    expect(stdout).toContain(`Environment="BDE_HOME=${world.home}"`);
  });

  it.runIf(HAS_SYSTEMD)('is written as units that systemd takes', async () => {
    const folder = join(world.dir, 'units');
    mkdirSync(folder);

    const { exitCode, stdout } = await run('cluster', 'drift', 'd1', '--write-timer', folder);
    const [service = '', timer = ''] = ['service', 'timer'].map((kind) => join(folder, `bde-drift-d1.${kind}`));
    const [, program = ''] = /^ExecStart="(.*?)"/m.exec(readFileSync(service, 'utf8')) ?? [];
    chmodSync(program, 0o755);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('systemctl daemon-reload && systemctl enable --now bde-drift-d1.timer');
    expect(execFileSync('systemd-analyze', ['verify', service, timer], { encoding: 'utf8' })).toBe('');
  });

  it('is refused for a cluster that is not there, and for a folder that is not', async () => {
    const unknown = await run('cluster', 'drift', 'd2', '--print-timer');
    const nowhere = await run('cluster', 'drift', 'd1', '--write-timer', '/nowhere/at/all');

    expect([unknown.exitCode, nowhere.exitCode]).toEqual([2, 2]);
    expect(nowhere.stderr).toContain('The units cannot be written to /nowhere/at/all: ENOENT');
  });
});
