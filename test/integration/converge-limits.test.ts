import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { describeInTurns, setUpBench } from './converge-support.js';

describeInTurns('bounds of resources', (shell, it) => {
  const bench = setUpBench(shell);
  const { at, compile, lines, marks, run } = bench;
  /** Processes whose command line names this run's folder. */
  const left = () => {
    const listed = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    return listed.filter((line) => line.includes(bench.runner.folder) && !line.startsWith('ps '));
  };

  /** Succeeds in its n-th try. */
  const nth = (count: number) => `echo try >>@/tries; test "$(wc -l <@/tries)" -ge ${count}`;

  describe('retry', () => {
    const recipe = (times: number, needed: number) => `
  - execute: flaky
    command: ${nth(needed)}
    retry: { times: ${times}, delay_seconds: 0 }
`;

    it('tries again until it succeeds, and says how often it tried', () => {
      const { lines: results, exitCode } = run(compile(recipe(5, 3)));

      expect(exitCode).toBe(0);
      expect(results).toMatchObject([{ resource: 'execute[flaky]', outcome: 'changed', tries: 3 }]);
      expect(lines('tries')).toHaveLength(3);
    });

    it('ends with the last failure once the tries are used up', () => {
      const { lines: results, exitCode } = run(compile(recipe(2, 9)));

      expect(exitCode).toBe(1);
      expect(results).toMatchObject([{ outcome: 'failed', tries: 3, detail: 'exit 1' }]);
    });

    it('says nothing of tries where the first one was enough', () => {
      const { lines: results } = run(compile(recipe(2, 1)));

      expect(results[0]).not.toHaveProperty('tries');
    });

    it('looks anew before each try, so what has come true by itself is not done again', () => {
      const script = compile(`
  - link: @/link
    to: target
    retry: { times: 2, delay_seconds: 0 }
`);
      // Nothing may be replaced at first; before the second try it is as it should be.
      const before = `mkdir ${at('link')}; sleep() { rmdir ${at('link')}; ln -s target ${at('link')}; }`;

      const { lines: results } = run(script, { before });

      expect(results).toMatchObject([{ outcome: 'unchanged', tries: 2 }]);
    });

    it('calls a change a change, in whichever try it was proved', () => {
      const script = compile(`
  - execute: late
    command: touch @/asked
    creates: @/made
    retry: { times: 1, delay_seconds: 0 }
`);
      const before = `sleep() { mv ${at('asked')} ${at('made')}; }`;

      const { lines: results } = run(script, { before });

      expect(results).toMatchObject([{ outcome: 'changed', tries: 2, detail: `${at('made')} is absent` }]);
    });

    it('tries a notified action again, and keeps its notification where it fails', () => {
      const recipeOf = (needed: number) =>
        compile(`
  - file: @/conf
    content: "x"
    notify: run execute[flaky]
  - execute: flaky
    notified_only: true
    command: ${nth(needed)}
    retry: { times: 1, delay_seconds: 0 }
`);

      const failed = run(recipeOf(4));
      const kept = marks();
      const next = run(recipeOf(4));

      expect(failed.lines.at(-1)).toMatchObject({ resource: 'run execute[flaky]', outcome: 'failed', tries: 2 });
      expect(kept).toEqual(['run execute[flaky]']);
      expect(next.lines.at(-1)).toMatchObject({ outcome: 'changed', tries: 2 });
      expect(marks()).toEqual([]);
    });

    it('looks once in a check', () => {
      const script = compile(`
  - wait_for: it
    command: echo try >>@/looks; false
    retry: { times: 5, delay_seconds: 0 }
`);

      expect(run(script, { mode: 'check' }).outcomes).toEqual(['wait_for[it]: unknown']);
      expect(lines('looks')).toHaveLength(1);
    });

    it('ends at a gate between two tries', () => {
      const before = 'gates=0; bde_gate() { gates=$((gates + 1)); [ "$gates" -lt 3 ] || exit 75; }';

      const { exitCode } = run(compile(recipe(5, 9)), { before });

      expect(exitCode).toBe(75);
      expect(lines('tries')).toHaveLength(2);
    });
  });

  describe('timeout', () => {
    it('ends a command with all that it started', () => {
      const script = compile(`
  - execute: slow
    command: sh -c 'trap "" TERM; tail -f @/log @/log' & tail -f @/log
    timeout: 1
`);
      writeFileSync(at('log'), '');

      const { lines: results, exitCode } = run(script);

      expect(exitCode).toBe(1);
      expect(results).toMatchObject([
        { outcome: 'failed', detail: expect.stringContaining('not done after 1 s') as string },
      ]);
      expect(left()).toEqual([]);
    });

    it('ends the act of any other kind with all that it started, and says so', () => {
      const script = compile('  - link: @/made\n    to: x\n    timeout: 1\n');
      const before = `ln() { tail -f ${at('log')} & sh -c 'tail -f ${at('log')}; :'; }`;
      writeFileSync(at('log'), '');

      const result = run(script, { before });

      expect(result.lines).toMatchObject([{ outcome: 'failed', detail: 'not done after 1 s' }]);
      expect([result.exitCode, result.stderr]).toEqual([1, '']);
      expect(left()).toEqual([]);
    });

    it('ends what starts others all the time', () => {
      const script = compile('  - link: @/made\n    to: x\n    timeout: 1\n');
      const before = `ln() { while :; do tail -f ${at('log')} & command sleep 0.005; done; }`;
      writeFileSync(at('log'), '');

      const result = run(script, { before });

      expect(result.lines).toMatchObject([{ outcome: 'failed', detail: 'not done after 1 s' }]);
      expect(left()).toEqual([]);
    });

    it('ends a look that hangs', () => {
      const script = compile('  - file: @/made\n    content: x\n    timeout: 1\n');
      writeFileSync(at('log'), '');

      const result = run(script, { before: `stat() { tail -f ${at('log')}; }` });

      expect(result.lines).toMatchObject([{ outcome: 'failed', detail: 'not done after 1 s' }]);
      expect(left()).toEqual([]);
    });

    it('changes nothing of what is told of one that keeps to it', () => {
      const recipe = (content: string, more = '') =>
        `  - file: @/made\n    content: "${content}\\n"\n    mode: "0600"\n${more}`;
      const [plain, bound] = ['', '    timeout: 30\n'].map((more) => {
        const outcomes = ['one', 'two', 'two'].map((content) => {
          const result = run(compile(recipe(content, more)));
          return result.lines.map(({ ms: _ms, ...line }) => line).concat(result.stderr === '' ? [] : [result as never]);
        });
        run(`rm ${at('made')}`);
        return outcomes;
      });

      expect(bound).toEqual(plain);
      expect(bound?.[1]?.[0]?.diff).toContain('+two');
    });

    it('has later resources see what one that was bound has changed', () => {
      const script = compile(`
  - directory: @/a
    timeout: 30
  - file: @/a/f
    content: x
    timeout: 30
  - link: @/l
    to: a/f
`);

      const [first, second] = [run(script), run(script)];

      expect(first.outcomes.map((line) => line.split(': ')[1])).toEqual(['changed', 'changed', 'changed']);
      expect(second.outcomes.map((line) => line.split(': ')[1])).toEqual(['unchanged', 'unchanged', 'unchanged']);
      expect(second.detaches).toBe(0);
    });

    it('is that of each try', () => {
      const script = compile(`
  - link: @/made
    to: x
    timeout: 1
    retry: { times: 1, delay_seconds: 0 }
`);
      const before = `ln() { [ -e ${at('tried')} ] || { : >${at('tried')}; tail -f ${at('tried')}; }; command ln "$@"; }`;

      const { lines: results } = run(script, { before });

      expect(results).toMatchObject([{ outcome: 'changed', tries: 2 }]);
      expect(left()).toEqual([]);
    });

    it('bounds a notified action', () => {
      const script = compile(`
  - file: @/conf
    content: x
    notify: run execute[slow]
  - execute: slow
    notified_only: true
    command: tail -f @/conf
    timeout: 1
`);

      const { lines: results } = run(script);

      expect(results.at(-1)).toMatchObject({
        outcome: 'failed',
        detail: expect.stringContaining('not done after 1 s') as string,
      });
      expect(marks()).toEqual(['run execute[slow]']);
      expect(left()).toEqual([]);
    });

    it('bounds what a wait_for runs to look', () => {
      const script = compile('  - wait_for: it\n    command: tail -f @/log\n    timeout: 1\n');
      writeFileSync(at('log'), '');

      const { lines: results } = run(script);

      expect(results).toMatchObject([{ outcome: 'failed', detail: 'not so after 1 s: the command fails' }]);
      expect(left()).toEqual([]);
    });
  });

  describe('a guard that hangs', () => {
    const LATE = 'gave no answer: not done after 1 s';
    /** Ignores the signal by which one is asked to end, and leaves a child that does, too. */
    const hangs = `sh -c 'trap "" TERM; tail -f @/log; :' & trap "" TERM; tail -f @/log`;

    beforeEach(() => {
      writeFileSync(at('log'), '');
    });

    it.each(['only_if', 'not_if'])('fails the resource that has it as %s, and ends all that it started', (guard) => {
      const script = compile(`
  - link: @/made
    to: x
    ${guard}: ${JSON.stringify(hangs)}
    timeout: 1
    retry: { times: 3, delay_seconds: 0 }
  - link: @/next
    to: x
`);

      const results = (['check', 'apply'] as const).map((mode) => run(script, { mode }));

      for (const { lines: told, exitCode, stderr } of results) {
        expect(told).toMatchObject([{ outcome: 'failed', detail: `${guard} ${LATE}` }, { outcome: 'skipped' }]);
        expect([exitCode, stderr]).toEqual([1, '']);
        expect(told[0]).not.toHaveProperty('tries');
      }
      expect(existsSync(at('made'))).toBe(false);
      expect(left()).toEqual([]);
    });

    it('is bounded before a command, too, which bounds itself', () => {
      const script = compile(`
  - execute: late
    command: touch @/made
    not_if: ${JSON.stringify(hangs)}
    timeout: 1
`);

      expect(run(script).lines).toMatchObject([{ outcome: 'failed', detail: `not_if ${LATE}` }]);
      expect([existsSync(at('made')), left()]).toEqual([false, []]);
    });

    it('keeps the notification of the action that it stands before', () => {
      const script = compile(`
  - file: @/conf
    content: x
    notify: run execute[late]
  - execute: late
    notified_only: true
    command: touch @/made
    only_if: ${JSON.stringify(hangs)}
    timeout: 1
`);
      // Holds when the resource itself is looked at, and hangs once it is asked to act.
      const held = script.replace(/^bde_only_if (.*)\n(bde_resource 'execute\[late\]')/m, '$2');

      const { lines: told } = run(held);

      expect(told.at(-1)).toMatchObject({
        resource: 'run execute[late]',
        outcome: 'failed',
        detail: `only_if ${LATE}`,
      });
      expect([marks(), left()]).toEqual([['run execute[late]'], []]);
    });

    it('fails the custom resource or include that it stands before', () => {
      const cookbook = recipeCookbook(
        `  - include: demo::part\n    only_if: ${JSON.stringify(hangs)}\n    timeout: 1\n`.replaceAll(
          '@',
          bench.runner.folder,
        ),
        { 'recipes/part.yaml': `resources:\n  - link: ${at('made')}\n    to: x\n` },
      );

      const { lines: told } = run(compileRun(compileInput(), [cookbook]).script);

      expect(told).toMatchObject([
        { resource: 'include[demo::part]', outcome: 'failed', detail: `only_if ${LATE}` },
        { outcome: 'skipped', detail: 'after include[demo::part] failed' },
      ]);
      expect(left()).toEqual([]);
    });
  });
});
