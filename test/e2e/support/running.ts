import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Whether it is still there. */
  isRunning(): boolean;
  /** What it has printed so far, both streams. */
  printed(): string;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program, its output kept. */
export function startProgram(
  argv: readonly [string, ...string[]],
  given: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Running {
  const [program, ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...given });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
  return {
    pid: child.pid ?? -1,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    printed: () => Buffer.concat([...err, ...out]).toString(),
    kill: (signal) => void child.kill(signal),
  };
}
