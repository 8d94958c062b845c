import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { BdeError } from '../../errors/bde-error.js';

/** How one host command ended; `exitCode` is 127 when there is no such program, null when a signal ended it. */
export interface CommandOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a host command is given beside its arguments. */
export interface CommandOptions {
  readonly stdin?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the command with SIGKILL when aborted. */
  readonly signal?: AbortSignal;
  /** Each line of stderr as it comes. */
  readonly onErrorLine?: (line: string) => void;
}

/** Runs one program of the host, never through a shell; resolves for every outcome, rejects only when aborted. */
export type RunCommand = (argv: readonly string[], options?: CommandOptions) => Promise<CommandOutcome>;

/** The real thing; every message is in English and free of the caller's locale. */
export const runCommand: RunCommand = ([program = '', ...args], options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', ...options.env },
      killSignal: 'SIGKILL',
      ...(options.signal && { signal: options.signal }),
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    if (options.onErrorLine) eachLine(child.stderr, options.onErrorLine);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ exitCode: 127, stdout: '', stderr: `${program}: not found` });
      else reject(error);
    });
    child.on('close', (exitCode) => {
      resolve({ exitCode, stdout: stdout(), stderr: stderr() });
    });
    // A program may end without reading its input; its exit code tells more than the broken pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.stdin);
  });

/**
 * Runs a command that has to succeed and gives its stdout.
 *
 * @throws BdeError `PROVIDER_FAILED` with the command and its last words
 */
export async function runOrFail(run: RunCommand, argv: readonly string[], stdin?: string): Promise<string> {
  const outcome = await run(argv, stdin === undefined ? {} : { stdin });
  if (outcome.exitCode === 0) return outcome.stdout;
  throw new BdeError(
    'PROVIDER_FAILED',
    `${argv.join(' ')} ended with ${outcome.exitCode ?? 'a signal'}: ${lastLines(outcome.stderr, 3)}`,
    {
      hint: outcome.exitCode === 127 ? 'Run `bde doctor` to see what the host lacks.' : undefined,
      data: { argv, ...outcome },
    },
  );
}

/** The last lines of a text, without empty ones at its end. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function collect(stream: Readable | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

function eachLine(stream: Readable | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach((line) => {
      onLine(line);
    });
  });
}
