import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRunLine, type RunLine } from '../../src/cookbook/parse-run-line.js';
import { quoteShell } from '../../src/cookbook/quote-shell.js';

/** The shells that nodes may have as their `sh`. */
export const SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: ['dash'],
  'busybox ash': ['busybox', 'sh'],
  bash: ['bash', '--posix'],
};

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
    const { status, stdout, stderr } = spawnSync(program, [...args, body], { encoding: 'utf8', maxBuffer: 1 << 28 });
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
