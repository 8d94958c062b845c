import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS } from './converge-support.js';

/** Shell text that kills the run, without a chance to tidy up, before its n-th resource or action. */
const killAtGate = (count: number) =>
  `gates=0; bde_gate() { gates=$((gates + 1)); [ "$gates" -lt ${count} ] || kill -9 $$; }`;

describe.each(Object.entries(SHELLS))('notifications under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
  });
  afterEach(() => {
    runner.remove();
  });

  const compile = (resources: string) =>
    compileRun(compileInput(), [recipeCookbook(resources.replaceAll('@', runner.folder))]).script;
  const marks = () => {
    const folder = join(runner.state, 'notify/demo');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const said = () =>
    existsSync(join(runner.folder, 'said'))
      ? readFileSync(join(runner.folder, 'said'), 'utf8').split('\n').slice(0, -1)
      : [];

  const recipe = (content: string, timing = '') => `
  - file: @/conf
    content: "${content}"
    notify: run execute[restart]${timing}
  - execute: restart
    command: echo "restarted with $(cat @/conf)" >>@/said
    notified_only: true
  - execute: last
    command: echo last >>@/said
`;

  it('run once, at the end, where something changed', () => {
    const script = compile(recipe('one'));

    const [first, second] = [runner.run(script, { shell }), runner.run(script, { shell })];

    expect(first.outcomes.at(-1)).toBe('run execute[restart]: changed');
    expect(second.outcomes.at(-1)).toBe('execute[last]: changed');
    expect(said()).toEqual(['last', 'restarted with one', 'last']);
    expect(marks()).toEqual([]);
  });

  it('run at once where that was asked for', () => {
    runner.run(compile(recipe('one', ' immediately')), { shell });

    expect(said()).toEqual(['restarted with one', 'last']);
  });

  it.each([2, 3, 4])('survive a kill before step %i, and run in the next run', (step) => {
    const script = compile(recipe('one'));

    const killed = runner.run(script, { shell, before: killAtGate(step) });
    const next = runner.run(script, { shell });

    expect(killed.exitCode).toBeNull();
    expect(said().filter((line) => line === 'restarted with one')).toHaveLength(1);
    expect(next.outcomes[0]).toBe(`file[${runner.folder}/conf]: unchanged`);
    expect(marks()).toEqual([]);
  });

  it('are written down before the file changes', () => {
    const script = compile(recipe('one'));
    const killBeforeRename = 'mv() { kill -9 $$; }';

    runner.run(script, { shell, before: killBeforeRename });

    expect(existsSync(join(runner.folder, 'conf'))).toBe(false);
    expect(marks()).toEqual(['run execute[restart]']);
  });

  it('that were to run at once run at the same place of the next run', () => {
    const script = compile(recipe('one', ' immediately'));
    runner.run(script, { shell, before: killAtGate(2) });

    runner.run(script, { shell });

    expect(said()).toEqual(['restarted with one', 'last']);
  });

  it('of a run that failed stay for the next one', () => {
    const broken = compile(`${recipe('one')}  - execute: broken\n    command: test -e @/mended\n`);

    const failed = runner.run(broken, { shell });
    runner.run(`: >${runner.folder}/mended`, { shell });
    const mended = runner.run(broken, { shell });

    expect(failed.outcomes.at(-1)).toBe('run execute[restart]: skipped');
    expect(failed.lines.at(-1)?.detail).toBe('stays for the next run, after execute[broken] failed');
    expect(mended.outcomes.at(-1)).toBe('run execute[restart]: changed');
    expect(said().at(-1)).toBe('restarted with one');
  });

  it('whose action fails are kept, and fail the run', () => {
    const script = compile(`
  - file: @/conf
    content: x
    notify: run execute[restart]
  - execute: restart
    command: test -e @/mended
    notified_only: true
`);

    const failed = runner.run(script, { shell });

    expect(failed.exitCode).toBe(1);
    expect(failed.outcomes.at(-1)).toBe('run execute[restart]: failed');
    expect(marks()).toEqual(['run execute[restart]']);
  });

  it('are foretold by a check, those of an earlier run too', () => {
    const script = compile(recipe('one'));
    const fresh = runner.run(script, { shell, mode: 'check' });
    runner.run(script, { shell, before: killAtGate(2) });

    const pending = runner.run(script, { shell, mode: 'check' });

    expect(fresh.outcomes.at(-1)).toBe('run execute[restart]: would-change');
    expect(pending.lines.at(-1)).toMatchObject({ outcome: 'would-change', detail: 'raised by an earlier run' });
    expect(marks()).toEqual(['run execute[restart]']);
  });

  it('void what is recorded as applied, before the first change', () => {
    const applied = join(runner.state, 'applied/demo');
    runner.run(`mkdir -p ${runner.state}/applied; echo digest >${applied}`, { shell });

    runner.run(compile(recipe('one')), { shell, before: 'install() { kill -9 $$; }' });

    expect(existsSync(applied)).toBe(false);
  });

  it('look at the guards of whom they notify', () => {
    const script = compile(`
  - file: @/conf
    content: x
    notify: run execute[restart]
  - execute: restart
    command: echo ran >>@/said
    notified_only: true
    only_if: test -e @/wanted
`);

    const { lines } = runner.run(script, { shell });

    expect(lines.at(-1)).toMatchObject({
      resource: 'run execute[restart]',
      outcome: 'unchanged',
      detail: 'only_if does not hold',
    });
    expect(marks()).toEqual([]);
  });
});
