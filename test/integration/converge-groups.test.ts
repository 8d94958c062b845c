import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, recipeCookbook, type CookbookFiles } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, describeInTurns } from './converge-support.js';

const killAtGate = (count: number) =>
  `gates=0; bde_gate() { gates=$((gates + 1)); [ "$gates" -lt ${count} ] || kill -9 $$; }`;

describeInTurns('what is made of resources', (shell, it) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
  });
  afterEach(() => {
    runner.remove();
  });

  const compile = (resources: string, files: CookbookFiles = {}) => {
    const placed = Object.entries(files).map(([path, text]) => [path, String(text).replaceAll('@', runner.folder)]);
    const cookbook = recipeCookbook(
      resources.replaceAll('@', runner.folder),
      Object.fromEntries(placed) as CookbookFiles,
    );
    return compileRun(compileInput(), [cookbook]).script;
  };
  const said = () => {
    const path = join(runner.folder, 'said');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  };
  const marks = () => {
    const folder = join(runner.state, 'notify/demo');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const short = (outcomes: readonly string[]) => outcomes.map((line) => line.replaceAll(`${runner.folder}/`, ''));

  const INSTALL = {
    'recipes/install.yaml': `resources:
  - directory: @/opt
  - file: @/opt/conf
    content: x
    notify: run execute[restart]
  - execute: restart
    command: echo restarted >>@/said
    notified_only: true
`,
  };
  const GUARDED = '  - include: demo::install\n    creates: @/opt\n';

  it('is done as a whole, though its guard says no half way', () => {
    const script = compile(GUARDED, INSTALL);

    const [first, second] = [runner.run(script, { shell }), runner.run(script, { shell })];

    expect(short(first.outcomes)).toEqual([
      'directory[opt]: changed',
      'file[opt/conf]: changed',
      'execute[restart]: unchanged',
      'run execute[restart]: changed',
    ]);
    expect(new Set(second.lines.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    expect(second.lines[0]?.detail).toBe(`include[demo::install]: ${runner.folder}/opt is there`);
    expect(said()).toEqual(['restarted']);
  });

  it('does not lose a restart to a kill, though its guard says no ever after', () => {
    const script = compile(GUARDED, INSTALL);

    const killed = runner.run(script, { shell, before: killAtGate(3) });
    const kept = marks();
    runner.run(script, { shell });

    expect([killed.exitCode, kept]).toEqual([null, ['run execute[restart]']]);
    expect(said()).toEqual(['restarted']);
    expect(marks()).toEqual([]);
  });

  it('is not asked from outside while its guard says no', () => {
    const script = compile(`  - file: @/f\n    content: x\n    notify: run execute[restart]\n${GUARDED}`, INSTALL);
    runner.run(`mkdir ${runner.folder}/opt`, { shell });

    const { lines } = runner.run(script, { shell });

    expect(lines.at(-1)).toMatchObject({ resource: 'run execute[restart]', outcome: 'unchanged' });
    expect(said()).toEqual([]);
    expect(marks()).toEqual([]);
  });

  it('is passed over where any of the guards around it says no', () => {
    const files = { ...INSTALL, 'recipes/outer.yaml': 'resources:\n  - include: demo::install\n    only_if: "true"\n' };

    const { outcomes } = runner.run(compile('  - include: demo::outer\n    not_if: "true"\n', files), { shell });

    expect(short(outcomes)).toEqual([
      'directory[opt]: unchanged',
      'file[opt/conf]: unchanged',
      'execute[restart]: unchanged',
    ]);
    expect(existsSync(join(runner.folder, 'opt'))).toBe(false);
  });

  it('cannot be known in a check where its guard depends on what would change', () => {
    const script = compile(
      '  - directory: @/first\n  - include: demo::install\n    only_if: test -d @/first\n',
      INSTALL,
    );

    const { lines } = runner.run(script, { shell, mode: 'check' });

    expect(lines.map(({ outcome }) => outcome)).toEqual(['would-change', 'unknown', 'unknown', 'unknown', 'unknown']);
    expect(lines[1]?.detail).toBe(`include[demo::install]: depends on directory[${runner.folder}/first]`);
  });

  const SITE = {
    'resources/site.yaml': `summary: x
resources:
  - file: "@/{{name}}"
    content: "{{name}}"
    notify: run execute[reload]
  - execute: reload
    command: echo reloaded {{name}} >>@/said
    notified_only: true
actions:
  reload: ["run execute[reload]"]
`,
  };

  it('has custom resources keep their notifications apart', () => {
    const script = compile('  - demo::site: "{{item}}"\n    for_each: [a, b]\n', SITE);

    runner.run(script, { shell });
    runner.run(`echo other >${runner.folder}/b`, { shell });
    runner.run(script, { shell });

    expect(said()).toEqual(['reloaded a', 'reloaded b', 'reloaded b']);
  });

  it.each([2, 3, 4, 5, 6])('loses no notification of a repeated custom resource to a kill before step %i', (step) => {
    const script = compile('  - demo::site: "{{item}}"\n    for_each: [a, b]\n', SITE);

    const killed = runner.run(script, { shell, before: killAtGate(step) });
    const next = runner.run(script, { shell });

    expect([killed.exitCode, next.exitCode]).toEqual([null, 0]);
    expect(new Set(said())).toEqual(new Set(['reloaded a', 'reloaded b']));
    expect(marks()).toEqual([]);
  });

  it('loses no notification to a kill between two tries', () => {
    const script = compile(`
  - execute: half
    command: touch @/conf; test -e @/more
    creates: @/conf2
    retry: { times: 1, delay_seconds: 0 }
    notify: run execute[reload]
  - execute: reload
    command: echo reloaded >>@/said
    notified_only: true
`);
    const killed = runner.run(script, { shell, before: 'sleep() { kill -9 $$; }' });
    runner.run(`touch ${runner.folder}/more ${runner.folder}/conf2`, { shell });
    runner.run(script, { shell });

    expect(killed.exitCode).toBeNull();
    expect(said()).toEqual(['reloaded']);
  });
});
