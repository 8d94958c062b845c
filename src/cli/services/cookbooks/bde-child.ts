import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { StopSignals } from '../../../engine/context.js';
import { BdeError } from '../../../errors/bde-error.js';
import { ERROR_CODES, type ErrorCode } from '../../../errors/codes.js';
import type { ErrorJson } from '../../../report/error-json.js';

/** This bde as a program, in a home of its own. */
export interface BdeChild {
  readonly home: string;
  /**
   * Runs a command to its end and gives what its `--json` printed. Its progress goes to our stderr.
   *
   * @throws BdeError the command's own failure; the reason of `stop` where it was stopped on request
   */
  json<Document>(argv: readonly string[], options: ChildOptions): Promise<Document>;
}

/** What a run of a command minds. */
export interface ChildOptions {
  /** Null: it runs to its end, whatever the user types. */
  readonly stop: StopSignals | null;
  /** Exit codes beside 0 with which it prints a result. */
  readonly results?: readonly number[];
}

/** What of our environment must not reach a command that has all of it as flags. */
const OWN_VARIABLES = [
  ...['BDE_COOKBOOKS', 'BDE_DISTROS', 'BDE_REPOS', 'BDE_SPEC', 'BDE_DISTRO', 'BDE_SITE', 'BDE_REHEARSE', 'BDE_YES'],
];

/** Commands of this bde on another home, with an identity that lies in it. */
export function bdeChild(projectRoot: string, home: string): BdeChild {
  const env = { ...process.env, BDE_HOME: home, BDE_IDENTITY: join(home, 'identity') };
  for (const name of OWN_VARIABLES) Reflect.deleteProperty(env, name);
  return {
    home,
    async json<Document>(argv: readonly string[], { stop, results = [] }: ChildOptions) {
      stop?.stopStarting.throwIfAborted();
      const command = [join(projectRoot, 'dist', 'main.js'), ...argv, '--json'];
      const { exitCode, stdout } = await run(command, env, stop);
      stop?.stopStarting.throwIfAborted();
      if (exitCode === 0 || results.includes(exitCode ?? -1)) return JSON.parse(stdout) as Document;
      throw failureOf(stdout, argv);
    },
  };
}

/** In a process group of its own: Ctrl-C at the terminal reaches us alone, and it is ours to say when to stop. */
function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stop: StopSignals | null,
): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env, detached: true });
    const stdout: Buffer[] = [];
    const interrupt = (): void => void child.kill('SIGINT');
    stop?.stopStarting.addEventListener('abort', interrupt);
    stop?.abort.addEventListener('abort', interrupt);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.once('error', reject);
    child.once('close', (exitCode) => {
      stop?.stopStarting.removeEventListener('abort', interrupt);
      stop?.abort.removeEventListener('abort', interrupt);
      resolve({ exitCode, stdout: Buffer.concat(stdout).toString() });
    });
  });
}

/** What a command printed instead of its result. */
function failureOf(stdout: string, argv: readonly string[]): Error {
  const error = errorIn(stdout);
  if (error === undefined || !Object.hasOwn(ERROR_CODES, error.code)) {
    return new Error(`bde ${argv.join(' ')} ended without a result: ${error?.message ?? stdout}`);
  }
  return toBdeError(error);
}

function errorIn(stdout: string): ErrorJson | undefined {
  try {
    return (JSON.parse(stdout) as { readonly error?: ErrorJson }).error;
  } catch {
    return undefined;
  }
}

function toBdeError({ code, message, hint, subject, data, failures }: ErrorJson): BdeError {
  return new BdeError(code as ErrorCode, message, {
    hint: hint ?? undefined,
    subject,
    data,
    failures: failures.map(toBdeError),
  });
}
