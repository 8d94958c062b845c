import { spawn } from 'node:child_process';
import { repoFailed } from './repo-error.js';

/** What a tool of the host is given beside its arguments. */
export interface ToolOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers, not failures; 0 alone by default. */
  readonly accepts?: readonly number[];
}

/** How a tool ended. */
export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How much of each output is kept: the tools that are run here say little. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Lines of stderr that an error shows. */
const SHOWN_LINES = 5;

/**
 * Runs a program of the host, never through a shell, and gives what it said.
 *
 * @throws BdeError `REPO_FAILED` when it is not there or ends with another code than those accepted
 */
export async function runTool(argv: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  const { code, stdout, stderr } = await collect(argv, options);
  if (code !== null && (options.accepts ?? [0]).includes(code)) return { exitCode: code, stdout, stderr };
  const words = stderr.trim().split('\n').slice(-SHOWN_LINES).join('\n');
  throw repoFailed(`${argv[0] ?? ''} ended with ${code === null ? 'a signal' : String(code)}: ${words}`, {
    data: { argv, exitCode: code, stderr: words },
  });
}

function collect(
  [program = '', ...args]: readonly string[],
  options: ToolOptions,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? '/',
      env: { ...process.env, LC_ALL: 'C', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: Ctrl-C lets what is running end in order.
      detached: true,
    });
    const stdout = keep(child.stdout);
    const stderr = keep(child.stderr);
    child.on('error', (cause) => {
      reject(repoFailed(`${program} cannot be run: ${cause.message}`, { hint: 'Run: bde doctor --fix', cause }));
    });
    child.on('close', (code) => {
      resolve({ code, stdout: stdout(), stderr: stderr() });
    });
  });
}

function keep(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_OUTPUT_BYTES) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
