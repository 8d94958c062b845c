import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const running = new Set();
let stopped = false;

/** Ends what runs now and starts nothing more but what cleans up (`run`). Children are out of the terminal's reach. */
export function stopAll() {
  stopped = true;
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a command to its end: exit code, output and wall milliseconds.
 *
 * @param {readonly string[]} argv
 * @param {NodeJS.ProcessEnv} [environment] beside our own
 */
export function run([program, ...args], environment = {}) {
  const startedMs = performance.now();
  const options = { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: true };
  const child = spawn(program, args, options);
  running.add(child);
  const chunks = { stdout: [], stderr: [] };
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', (chunk) => chunks[stream].push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      running.delete(child);
      const wallMs = performance.now() - startedMs;
      const [stdout, stderr] = ['stdout', 'stderr'].map((stream) => Buffer.concat(chunks[stream]).toString('utf8'));
      resolve({ pid: child.pid, exitCode, wallMs, stdout, stderr });
    });
  });
}

/** The same; anything but exit code 0 is an error that shows what was said. */
export async function runOrFail(argv, environment) {
  if (stopped) throw new Error('stopped');
  const result = await run(argv, environment);
  if (result.exitCode === 0) return result;
  const said = (result.stderr + result.stdout).trim().split('\n').slice(-20).join('\n');
  throw new Error(`${argv.join(' ')} ended with ${result.exitCode ?? 'a signal'}:\n${said}`);
}

/** Runs a program of Node and adds what its process used: CPU milliseconds, peak MiB of resident memory. */
export async function runMeasured(argv, environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bde-bench-usage-'));
  try {
    const result = await runOrFail(argv, {
      ...environment,
      BDE_BENCH_USAGE: folder,
      NODE_OPTIONS: `--require=${join(ROOT, 'bench', 'report-usage.cjs')}`,
    });
    return { ...result, ...JSON.parse(readFileSync(join(folder, `${result.pid}.json`), 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
