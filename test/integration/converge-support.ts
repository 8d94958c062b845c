import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { parseRunLine, type RunLine } from '../../src/cookbook/parse-run-line.js';
import { quoteShell } from '../../src/cookbook/quote-shell.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { compileInput, recipeCookbook, type CookbookFiles } from '../unit/cookbook/cookbook-support.js';

/** What a body leaves running holds its output open: nobody waits for that for ever. */
const BODY_TIMEOUT_MS = 120_000;

/** The shells that nodes may have as their `sh`. */
export const SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: ['dash'],
  'busybox ash': ['busybox', 'sh'],
  bash: ['bash', '--posix'],
};

/**
 * A suite that costs much: each of its tests runs under one of the shells by turns, or under so many of them as `shells`
 * says; with `BDE_TEST_ALL=1` under all. Every kind of resource runs under all of them always: converge-idempotence.
 */
export function describeInTurns(
  name: string,
  body: (shell: readonly string[], test: typeof it) => void,
  { shells = 1 }: { readonly shells?: 1 | 2 } = {},
): void {
  const isWhole = process.env['BDE_TEST_ALL'] === '1';
  for (const [position, [title, shell]] of Object.entries(SHELLS).entries()) {
    const isDue = (test: number): boolean => (test + position) % Object.keys(SHELLS).length < shells;
    describe(`${name} under ${title}`, () => {
      body(shell, isWhole ? it : someOf(isDue));
    });
  }
}

/** `it` and its `each` for the tests that are due, by their numbers. */
function someOf(isDue: (test: number) => boolean): typeof it {
  let count = 0;
  const isNextDue = (): boolean => isDue(count++);
  const register = (...test: Parameters<typeof it>): void => {
    if (isNextDue()) it(...test);
  };
  const each =
    (cases: readonly unknown[]) =>
    (...test: Parameters<ReturnType<typeof it.each>>): void => {
      const due = cases.filter(isNextDue);
      if (due.length > 0) it.each(due)(...test);
    };
  return Object.assign(register, { each }) as unknown as typeof it;
}

/** A line that tells of a resource. */
export type ResultLine = Extract<RunLine, { resource: string }>;

/** What one execution of a body gave. */
export interface BodyResult {
  readonly exitCode: number | null;
  readonly lines: readonly ResultLine[];
  readonly facts: Readonly<Record<string, unknown>>;
  /** `resource: outcome`, in order. */
  readonly outcomes: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  /** How often the body asked to be detached, which is before its first act. */
  readonly detaches: number;
}

/** How a body is run. */
export interface BodyOptions {
  readonly mode?: 'apply' | 'check';
  readonly shell?: readonly string[];
  /** Shell text of the test, such as a fake program or a gate. */
  readonly before?: string;
  /** What was sent to the node because it asked for it, by sha256. */
  readonly contents?: Readonly<Record<string, Buffer>>;
}

/** A folder that stands for a node's `/var/lib/bde`, and a way to run bodies as the wrapper does. */
export class BodyRunner {
  readonly folder = mkdtempSync(join(tmpdir(), 'bde-converge-'));
  readonly state = join(this.folder, 'state');

  constructor() {
    mkdirSync(this.state);
  }

  /** Runs a body, as an apply under dash where nothing else is said. */
  run(script: string, options: BodyOptions = {}): BodyResult {
    const { mode = 'apply', shell = ['dash'], before = '', contents = {} } = options;
    const temporary = mkdtempSync(join(this.folder, 'run-'));
    mkdirSync(join(temporary, 'content'));
    for (const [sum, content] of Object.entries(contents)) writeFileSync(join(temporary, 'content', sum), content);
    const body = join(temporary, 'body');
    writeFileSync(body, [this.#wrapper(mode, temporary), before, script].join('\n'));
    const [program = 'sh', ...args] = shell;
    const bounds = { encoding: 'utf8', maxBuffer: 1 << 28, timeout: BODY_TIMEOUT_MS } as const;
    const { status, stdout, stderr, error } = spawnSync(program, [...args, body], bounds);
    if (error !== undefined) throw error;
    rmSync(temporary, { recursive: true, force: true });
    return readResult(status, stdout, stderr);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What `docs/runs.md` promises to a body. */
  #wrapper(mode: string, temporary: string): string {
    return [
      'umask 077',
      'export LC_ALL=C',
      `BDE_MODE=${mode} BDE_DIR=${quoteShell(this.state)} BDE_KEY=demo BDE_TMP=${quoteShell(temporary)}`,
      'bde_detach() { echo \'{"test":"detach"}\'; }',
      'bde_gate() { :; }',
      // As in a detached run, which has nobody to ask.
      'bde_is_attached() { return 1; }',
      `BDE_CONTENT=${quoteShell(join(temporary, 'content'))}`,
    ].join('\n');
  }
}

/** What tests of one shell share: a runner for each of them, with what is commonly asked of its folder. */
export interface Bench {
  readonly runner: BodyRunner;
  /** A path in the runner's folder. */
  readonly at: (name: string) => string;
  /** The text of a file there. */
  readonly read: (name: string) => string;
  /** Its lines; none where it is not there. */
  readonly lines: (name: string) => readonly string[];
  /** Notifications that wait for their action. */
  readonly marks: () => readonly string[];
  /** The script of a recipe's resources, in which `@` is the runner's folder. */
  readonly compile: (resources: string, input?: Partial<CompileInput>, files?: CookbookFiles) => string;
  /** Runs a script under the shell. */
  readonly run: (script: string, options?: Omit<BodyOptions, 'shell'>) => BodyResult;
}

/** Makes a runner before each test of the suite, and removes it behind it. */
export function setUpBench(shell: readonly string[]): Bench {
  let runner: BodyRunner | undefined;
  beforeEach(() => {
    runner = new BodyRunner();
  });
  afterEach(() => {
    runner?.remove();
  });
  const current = (): BodyRunner => {
    if (runner === undefined) throw new TypeError('a bench is there in tests alone');
    return runner;
  };
  const at = (name: string): string => join(current().folder, name);
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  return {
    get runner() {
      return current();
    },
    at,
    read,
    lines: (name) => (existsSync(at(name)) ? read(name).split('\n').slice(0, -1) : []),
    marks: () => (existsSync(at('state/notify/demo')) ? readdirSync(at('state/notify/demo')) : []),
    compile: (resources, input = {}, files = {}) =>
      compileRun(compileInput(input), [recipeCookbook(resources.replaceAll('@', current().folder), files)]).script,
    run: (script, options = {}) => current().run(script, { ...options, shell }),
  };
}

function readResult(exitCode: number | null, stdout: string, stderr: string): BodyResult {
  const lines = stdout.split('\n').flatMap((line) => parseRunLine(line) ?? []);
  const results = lines.filter((line): line is ResultLine => 'resource' in line);
  const facts = lines.flatMap((line) => ('fact' in line ? [[line.fact, line.value] as const] : []));
  return {
    exitCode,
    lines: results,
    facts: Object.fromEntries(facts),
    outcomes: results.map(({ resource, outcome }) => `${resource}: ${outcome}`),
    stdout,
    stderr,
    detaches: stdout.split('\n').filter((line) => line === '{"test":"detach"}').length,
  };
}
