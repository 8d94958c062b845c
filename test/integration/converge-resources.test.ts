import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { Secret } from '../../src/errors/secret.js';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { fillSecrets, secretToken } from '../../src/cookbook/secret-token.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, describeInTurns } from './converge-support.js';

const user = process.getuid?.() ?? 0;
const group = process.getgid?.() ?? 0;

describeInTurns('resources', (shell, it) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
  });
  afterEach(() => {
    runner.remove();
  });

  const path = (name: string) => join(runner.folder, name);

  /** A recipe with `@` for the test's folder; files belong to who runs the test. */
  const compile = (resources: string, input: Partial<CompileInput> = {}) => {
    const owned = resources
      .replaceAll('@', runner.folder)
      .replaceAll('OWNED', `owner: "${user}"\n    group: "${group}"`);
    const files = {
      'files/tool': '#!/bin/sh\necho tool\n',
      'files/bytes': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
    };
    return compileRun(compileInput(input), [recipeCookbook(owned, files)]);
  };
  const apply = (script: string) => runner.run(script, { shell });
  const check = (script: string) => runner.run(script, { shell, mode: 'check' });

  const EVERYTHING = `
  - directory: @/d/deep
    mode: "0750"
    OWNED
  - template: @/d/conf
    content: "name={{node.name}}\\n"
    mode: "0640"
    OWNED
  - file: @/d/bytes
    source: bytes
    OWNED
  - file: "@/d/a 'strange' $name"
    content: "it's\\n"
    OWNED
  - template: @/d/seed
    content: first
    seed: true
    OWNED
  - link: @/d/link
    to: "deep/somewhere else"
  - execute: once
    command: echo done >@/d/once
    creates: @/d/once
  - wait_for: once
    file: @/d/once
    timeout_seconds: 1
`;

  it('are made where they are absent', () => {
    const result = apply(compile(EVERYTHING).script);

    expect(result.exitCode).toBe(0);
    expect(result.lines.map(({ outcome }) => outcome)).toEqual([...Array<string>(7).fill('changed'), 'unchanged']);
    expect(statSync(path('d/deep')).mode & 0o777).toBe(0o750);
    expect(readFileSync(path('d/conf'), 'utf8')).toBe('name=c-zk-0\n');
    expect(statSync(path('d/conf')).mode & 0o777).toBe(0o640);
    expect([...readFileSync(path('d/bytes'))]).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
    expect(readFileSync(path("d/a 'strange' $name"), 'utf8')).toBe("it's\n");
    expect(readlinkSync(path('d/link'))).toBe('deep/somewhere else');
  });

  it('are left alone by a second run, which never detaches', () => {
    const { script } = compile(EVERYTHING);
    apply(script);

    const second = apply(script);

    expect(new Set(second.lines.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    expect(second.detaches).toBe(0);
    expect(second.stderr).toBe('');
  });

  it('are repaired where they drifted, and only there', () => {
    const { script } = compile(EVERYTHING);
    apply(script);
    writeFileSync(path('d/conf'), 'name=other\n');
    chmodSync(path('d/bytes'), 0o600);
    writeFileSync(path('d/seed'), 'the product wrote this');
    rmSync(path('d/link'));
    symlinkSync('elsewhere', path('d/link'));
    rmSync(path('d/once'));

    const { lines } = apply(script);

    expect(lines.map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'changed',
      'changed',
      'unchanged',
      'unchanged',
      'changed',
      'changed',
      'unchanged',
    ]);
    expect(lines[1]?.detail).toBe('content');
    expect(lines[1]?.diff).toContain('-name=other\n+name=c-zk-0');
    expect(lines[2]?.detail).toBe('mode 600 instead of 644');
    expect(readFileSync(path('d/seed'), 'utf8')).toBe('the product wrote this');
    expect(readlinkSync(path('d/link'))).toBe('deep/somewhere else');
  });

  it('are foretold by a check, which changes nothing', () => {
    const { script } = compile(EVERYTHING);

    const foretold = check(script);

    expect(foretold.outcomes.map((line) => line.split(': ').at(-1))).toEqual([
      ...Array<string>(7).fill('would-change'),
      'unknown',
    ]);
    expect(foretold.detaches).toBe(0);
    expect(existsSync(path('d'))).toBe(false);
  });

  it('differ in a check exactly where they differ in the run after it', () => {
    const { script } = compile(EVERYTHING);
    apply(script);
    writeFileSync(path('d/conf'), 'name=other\n');

    const foretold = check(script);
    const applied = apply(script);

    const changing = (result: typeof applied, outcome: string) =>
      result.lines.filter((line) => line.outcome === outcome).map(({ resource }) => resource);
    expect(changing(foretold, 'would-change')).toEqual(changing(applied, 'changed'));
    expect(changing(applied, 'changed')).toEqual([`template[${path('d/conf')}]`]);
  });

  it('stop at the first that fails; the others are skipped', () => {
    mkdirSync(path('dir'));
    const { script } = compile('  - directory: @/a\n    OWNED\n  - file: @/dir\n    content: x\n  - directory: @/b\n');

    const result = apply(script);

    expect(result.exitCode).toBe(1);
    expect(result.lines.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['changed', 'absent'],
      ['failed', `${path('dir')} is a directory`],
      ['skipped', `after file[${path('dir')}] failed`],
    ]);
  });

  it('say what a command said when it failed', () => {
    const { script } = compile(
      '  - execute: x\n    command: |\n      echo "first \\"line\\""\n      printf "second\\ttab\\n" >&2\n      exit 7\n',
    );

    const { lines } = apply(script);

    expect(lines[0]).toMatchObject({ outcome: 'failed', detail: 'exit 7: first "line"\nsecond\ttab' });
  });

  it('end a command at its limit, with all that it started', () => {
    const { script } = compile('  - execute: x\n    command: sleep 60 & sleep 60\n    timeout_seconds: 1\n');

    const { lines } = apply(script);

    expect(lines[0]).toMatchObject({ outcome: 'failed', detail: 'not done after 1 s' });
  });

  it('bound the output of a command', () => {
    const { script } = compile('  - execute: x\n    command: yes | head -c 20000000; exit 1\n');

    const { lines } = apply(script);

    expect(lines[0]?.detail?.length).toBeLessThan(2100);
  });

  it('prove that a command made what it creates', () => {
    const { script } = compile('  - execute: x\n    command: "true"\n    creates: @/never\n');

    expect(apply(script).lines[0]).toMatchObject({
      outcome: 'failed',
      detail: `still not as wanted after the act: ${path('never')} is absent`,
    });
  });

  it('run commands in their folder and environment, with nothing to read', () => {
    const { script } = compile(`
  - directory: @/work
    OWNED
  - execute: x
    command: '{ pwd; echo "$A|$B"; cat; umask; } >@/said'
    cwd: @/work
    environment: { A: "it's", B: "two\\nlines" }
`);

    apply(script);

    expect(readFileSync(path('said'), 'utf8')).toBe(`${path('work')}\nit's|two\nlines\n0022\n`);
  });

  it('are passed over where a guard says so', () => {
    writeFileSync(path('there'), '');
    const { script } = compile(`
  - directory: @/a
    only_if: "false"
  - directory: @/b
    not_if: "true"
  - directory: @/c
    creates: @/there
  - directory: @/e
    OWNED
    only_if: test -e @/there
    not_if: test -e @/e
`);

    expect(apply(script).lines.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['unchanged', 'only_if does not hold'],
      ['unchanged', 'not_if holds'],
      ['unchanged', `${path('there')} is there`],
      ['changed', 'absent'],
    ]);
  });

  it('are unknown in a check where a guard depends on what would change before', () => {
    const { script } = compile(`
  - directory: @/a
  - file: @/b
    content: x
    only_if: test -d @/a
  - execute: c
    command: "true"
    creates: @/a
`);

    expect(check(script).lines.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['would-change', 'absent'],
      ['unknown', `depends on directory[${path('a')}]`],
      ['unknown', `depends on file[${path('b')}]`],
    ]);
  });

  it('replace a file by a link only when forced to', () => {
    writeFileSync(path('x'), 'kept');
    const forced = compile('  - link: @/x\n    to: y\n    force: true\n').script;

    const { lines } = apply(compile('  - link: @/x\n    to: y\n').script);

    expect(lines[0]?.outcome).toBe('failed');
    expect(readFileSync(path('x'), 'utf8')).toBe('kept');
    expect(apply(forced).lines[0]?.outcome).toBe('changed');
    expect(lstatSync(path('x')).isSymbolicLink()).toBe(true);
  });

  it('see through a link that changed beneath them', () => {
    for (const version of ['v1', 'v2']) mkdirSync(path(version));
    symlinkSync('v1', path('current'));
    writeFileSync(path('v1/conf'), 'x');
    chmodSync(path('v1/conf'), 0o644);
    const { script } = compile(
      '  - link: @/current\n    to: v2\n  - file: @/current/conf\n    content: x\n    OWNED\n',
    );

    const { lines } = apply(script);

    expect(lines.map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
    expect(readFileSync(path('v2/conf'), 'utf8')).toBe('x');
  });

  it('look again at what a command changed before them', () => {
    const { script } = compile(
      '  - execute: x\n    command: echo y >@/conf\n  - file: @/conf\n    content: "y\\n"\n    mode: "0644"\n    OWNED\n',
    );

    expect(apply(script).lines.map(({ outcome }) => outcome)).toEqual(['changed', 'unchanged']);
  });

  it('wait for what comes to be, and say what did not', () => {
    const { script } = compile(`
  - execute: later
    command: (sleep 0.5; touch @/later) >/dev/null 2>&1 &
  - wait_for: later
    file: @/later
    timeout_seconds: 20
  - wait_for: never
    command: exit 3
    timeout_seconds: 1
`);

    expect(apply(script).lines.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['changed', 'runs'],
      ['unchanged', undefined],
      ['failed', 'not so after 1 s: the command fails'],
    ]);
  });

  it('keep secrets out of everything but their file', () => {
    const attributes = { demo: { key: secretToken('k') } };
    const value = `hunter2 ' "$(x)" \\ end`;
    const run = compile(
      `
  - file: @/key
    content: "key={{attributes.key}}\\n"
    mode: "0600"
    OWNED
  - execute: x
    command: echo {{quote attributes.key}} >&2; exit 1
`,
      { attributes },
    );
    const script = fillSecrets(run.script, new Map([['k', new Secret(value)]])).reveal();

    const foretold = check(script);
    const { stdout, lines } = apply(script);

    expect(readFileSync(path('key'), 'utf8')).toBe(`key=${value}\n`);
    expect(`${foretold.stdout}${stdout}`).not.toContain('hunter2');
    expect(foretold.lines[0]?.diff).toBe('(the content holds secrets and is not shown)');
    expect(lines[1]?.detail).toBe('exit 1 (its output is not shown, for it holds secrets)');
    expect(apply(compile('  - directory: @/z\n    OWNED\n').script).exitCode).toBe(0);
  });

  it('export facts once all went well', () => {
    const role = {
      summary: 'x',
      runList: ['demo::main'],
      facts: {
        text: { schema: { type: 'string' }, command: 'printf \'a "b"\\nc\'' },
        number: { schema: { type: 'integer' }, command: 'echo 42' },
      },
    };
    const cookbook = recipeCookbook('  - execute: x\n    command: "true"\n', {
      'roles/demo.yaml': JSON.stringify(role),
    });

    expect(apply(compileRun(compileInput(), [cookbook]).script).facts).toEqual({ text: 'a "b"\nc', number: 42 });
  });

  it('end with the failure of a fact whose command fails', () => {
    const role = {
      summary: 'x',
      runList: ['demo::main'],
      facts: { a: { schema: { type: 'string' }, command: 'echo no >&2; exit 1' } },
    };
    const cookbook = recipeCookbook('  - execute: x\n    command: "true"\n', {
      'roles/demo.yaml': JSON.stringify(role),
    });

    const result = apply(compileRun(compileInput(), [cookbook]).script);

    expect(result.exitCode).toBe(1);
    expect(result.lines.at(-1)).toMatchObject({ resource: 'fact[a]', outcome: 'failed', detail: 'no' });
  });
});
