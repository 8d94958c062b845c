import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { parseRunLine } from '../../src/cookbook/parse-run-line.js';
import type { RunId } from '../../src/errors/ids.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { makeLocalShells, SHELLS, type LocalShells, type ShellName } from './ssh-local-shell.js';

describe.each(Object.keys(SHELLS) as ShellName[])('a compiled body in the run wrapper under %s', (name) => {
  let shells: LocalShells;
  let folder: string;

  beforeEach(async () => {
    shells = await makeLocalShells(name);
    folder = await mkdtemp(join(tmpdir(), 'bde-wrapped-'));
  });
  afterEach(async () => {
    await shells.dispose();
    await rm(folder, { recursive: true });
  });

  const compile = () =>
    compileRun(compileInput(), [
      recipeCookbook(`
  - execute: made
    command: echo made >>${folder}/made
    creates: ${folder}/made
    notify: run execute[told]
  - execute: told
    command: echo told >>${folder}/made
    notified_only: true
`),
    ]);

  const run = async (runId: string, mode: 'apply' | 'check' = 'apply') => {
    const { script, digest } = compile();
    const { end, lines } = await shells.run({ runId: runId as RunId, key: 'demo', digest, mode, body: script });
    const results = lines.flatMap((line) => parseRunLine(line) ?? []);
    return {
      end,
      outcomes: results.flatMap((line) => ('resource' in line ? [`${line.resource}: ${line.outcome}`] : [])),
    };
  };

  it('acts once, detached, and records its digest', async () => {
    const first = await run('01RUNA');
    const second = await run('01RUNB');

    expect(first.end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(first.outcomes).toEqual([
      'execute[made]: changed',
      'execute[told]: unchanged',
      'run execute[told]: changed',
    ]);
    expect(second.outcomes).toEqual(['execute[made]: unchanged', 'execute[told]: unchanged']);
    expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('made\ntold\n');
    expect(readFileSync(join(shells.dir, 'applied/demo'), 'utf8').trim()).toBe(compile().digest);
  });

  it('looks without acting in a check', async () => {
    const { end, outcomes } = await run('01RUNA', 'check');

    expect(end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(outcomes).toEqual([
      'execute[made]: would-change',
      'execute[told]: unchanged',
      'run execute[told]: would-change',
    ]);
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });
});
