import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUpBench, SHELLS } from './converge-support.js';

/** Shell text that kills the run, without a chance to tidy up, before its n-th resource or action. */
const killAtGate = (count: number) =>
  `gates=0; bde_gate() { gates=$((gates + 1)); [ "$gates" -lt ${count} ] || kill -9 $$; }`;

describe.each(Object.entries(SHELLS))('notifications under %s', (_, shell) => {
  const bench = setUpBench(shell);
  const { compile, marks, run } = bench;
  const said = () => bench.lines('said');

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

    const [first, second] = [run(script), run(script)];

    expect(first.outcomes.at(-1)).toBe('run execute[restart]: changed');
    expect(second.outcomes.at(-1)).toBe('execute[last]: changed');
    expect(said()).toEqual(['last', 'restarted with one', 'last']);
    expect(marks()).toEqual([]);
  });

  it('run at once where that was asked for', () => {
    run(compile(recipe('one', ' immediately')));

    expect(said()).toEqual(['restarted with one', 'last']);
  });

  it.each([2, 3, 4])('survive a kill before step %i, and run in the next run', (step) => {
    const script = compile(recipe('one'));

    const killed = run(script, { before: killAtGate(step) });
    const next = run(script);

    expect(killed.exitCode).toBeNull();
    expect(said().filter((line) => line === 'restarted with one')).toHaveLength(1);
    expect(next.outcomes[0]).toBe(`file[${bench.runner.folder}/conf]: unchanged`);
    expect(marks()).toEqual([]);
  });

  it('are written down before the file changes', () => {
    const script = compile(recipe('one'));
    const killBeforeRename = 'mv() { kill -9 $$; }';

    run(script, { before: killBeforeRename });

    expect(existsSync(join(bench.runner.folder, 'conf'))).toBe(false);
    expect(marks()).toEqual(['run execute[restart]']);
  });

  it('that were to run at once run at the same place of the next run', () => {
    const script = compile(recipe('one', ' immediately'));
    run(script, { before: killAtGate(2) });

    run(script);

    expect(said()).toEqual(['restarted with one', 'last']);
  });

  it('of a run that failed stay for the next one', () => {
    const broken = compile(`${recipe('one')}  - execute: broken\n    command: test -e @/mended\n`);

    const failed = run(broken);
    run(`: >${bench.runner.folder}/mended`);
    const mended = run(broken);

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

    const failed = run(script);

    expect(failed.exitCode).toBe(1);
    expect(failed.outcomes.at(-1)).toBe('run execute[restart]: failed');
    expect(marks()).toEqual(['run execute[restart]']);
  });

  it('are foretold by a check, those of an earlier run too', () => {
    const script = compile(recipe('one'));
    const fresh = run(script, { mode: 'check' });
    run(script, { before: killAtGate(2) });

    const pending = run(script, { mode: 'check' });

    expect(fresh.outcomes.at(-1)).toBe('run execute[restart]: would-change');
    expect(pending.lines.at(-1)).toMatchObject({ outcome: 'would-change', detail: 'raised by an earlier run' });
    expect(marks()).toEqual(['run execute[restart]']);
  });

  it('void what is recorded as applied, before the first change', () => {
    const applied = join(bench.runner.state, 'applied/demo');
    run(`mkdir -p ${bench.runner.state}/applied; echo digest >${applied}`);

    run(compile(recipe('one')), { before: 'install() { kill -9 $$; }' });

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

    const { lines } = run(script);

    expect(lines.at(-1)).toMatchObject({
      resource: 'run execute[restart]',
      outcome: 'unchanged',
      detail: 'only_if does not hold',
    });
    expect(marks()).toEqual([]);
  });
});
