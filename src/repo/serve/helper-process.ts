import { spawn } from 'node:child_process';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isLocked } from '../file-lock.js';
import { isSystemError, repoFailed } from '../repo-error.js';
import { fetchHealth } from './fetch-health.js';
import { readHelperRecord, type HelperFiles, type HelperRecord } from './helper-record.js';
import { isAlive } from './process-identity.js';

/** Whose helper it is, and how it is started. */
export interface HelperOrder {
  readonly files: HelperFiles;
  readonly folder: string;
  readonly homeKey: string;
  readonly version: string;
  readonly address: string;
  readonly caCertificate: string;
  /** Argument vector that starts a helper; what it is to do is appended. */
  readonly command: readonly string[];
}

/** How `flock` ends when another holds the lock. */
const LOCK_TAKEN = 75;

const START_WITHIN_MS = 20_000;
const END_WITHIN_MS = 8_000;
const POLL_MS = 25;

/** A helper keeps a few kilobytes in memory per connection: it needs no large heap. */
const NODE_OPTIONS = '--max-old-space-size=64 --max-semi-space-size=1';

/** Output of a helper that failed is read from this far before its end. */
const SHOWN_BYTES = 2_000;

/** The helper that lives now; undefined when there is none. */
export async function findHelper(files: HelperFiles): Promise<HelperRecord | undefined> {
  const record = await readHelperRecord(files.record);
  return record !== undefined && (await isAlive(record)) ? record : undefined;
}

/** The same, once it is certain: a helper that has the lock but has written no record yet is waited for. */
export async function findSettledHelper(files: HelperFiles): Promise<HelperRecord | undefined> {
  const deadlineMs = performance.now() + START_WITHIN_MS;
  for (;;) {
    const found = await findHelper(files);
    if (found !== undefined || performance.now() > deadlineMs || !(await isLocked(files.lock))) return found;
    await pause(POLL_MS);
  }
}

/** True when it answers over TLS as the helper of this home. */
export async function answersAsOurs(
  record: HelperRecord,
  ours: { readonly caCertificate: string; readonly homeKey: string },
): Promise<boolean> {
  const health = await fetchHealth({ ...record, caCertificate: ours.caCertificate });
  return health?.homeKey === ours.homeKey && health.pid === record.pid;
}

/**
 * Starts a helper that outlives this process, under the home's lock, and waits until it answers.
 *
 * @throws BdeError `REPO_FAILED` with its last words when it ends before, or does not answer in time
 */
export async function startHelper(order: HelperOrder): Promise<HelperRecord> {
  await mkdir(dirname(order.files.output), { recursive: true, mode: 0o700 });
  const ended = await spawnHelper(order);
  const deadlineMs = performance.now() + START_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    const record = await findHelper(order.files);
    if (record?.address === order.address && (await answersAsOurs(record, order))) return record;
    const code = ended();
    // Who holds the lock may be coming up: its starter was killed a moment ago.
    if (code !== undefined && code !== LOCK_TAKEN) throw await startFailed(order, code);
    await pause(POLL_MS);
  }
  if (ended() === LOCK_TAKEN) throw lockTaken(order.files);
  throw repoFailed(`The mirror's helper does not answer on ${order.address} within ${START_WITHIN_MS / 1000} s.`, {
    hint: `Read ${order.files.output}, then run: bde repo stop`,
  });
}

/** Ends a helper: asks it, and kills it when it takes too long. Resolves when it is gone and the lock is free. */
export async function stopHelper(record: HelperRecord, files: HelperFiles): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await sendSignal(record, signal);
    const deadlineMs = performance.now() + END_WITHIN_MS;
    while (performance.now() < deadlineMs) {
      if (!(await isAlive(record)) && !(await isLocked(files.lock))) return;
      await pause(POLL_MS);
    }
  }
  throw repoFailed(`The mirror's helper (pid ${record.pid}) does not end.`, { hint: `Run: kill -9 ${record.pid}` });
}

async function sendSignal(record: HelperRecord, signal: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(record))) return;
  try {
    process.kill(record.pid, signal);
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) throw error;
  }
}

/** Gives a function that tells the exit code once the process has ended. */
async function spawnHelper(order: HelperOrder): Promise<() => number | undefined> {
  const output = await open(order.files.output, 'w', 0o600);
  try {
    const lock = ['--nonblock', '--conflict-exit-code', String(LOCK_TAKEN), '--no-fork', order.files.lock];
    const child = spawn('flock', [...lock, ...order.command, ...helperArguments(order)], {
      cwd: '/',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', NODE_OPTIONS },
      stdio: ['ignore', output.fd, output.fd],
      detached: true,
    });
    let code: number | undefined;
    child.on('error', () => (code = 127));
    child.on('exit', (exitCode) => (code = exitCode ?? 1));
    child.unref();
    return () => code;
  } finally {
    await output.close();
  }
}

function helperArguments({ folder, address, version, homeKey }: HelperOrder): readonly string[] {
  return ['--folder', folder, '--bind', address, '--version-name', version, '--home-key', homeKey];
}

function lockTaken({ lock }: HelperFiles): Error {
  return repoFailed(`Another process holds ${lock}, and no helper answers.`, { hint: `See who: fuser -v ${lock}` });
}

async function startFailed({ files }: HelperOrder, code: number): Promise<Error> {
  const { size } = await stat(files.output);
  const words = (await readFile(files.output))
    .subarray(Math.max(0, size - SHOWN_BYTES))
    .toString('utf8')
    .trim();
  return repoFailed(`The mirror's helper ended with ${code} at its start: ${words}`, {
    hint: `Read ${files.output}.`,
    data: { exitCode: code, output: words },
  });
}
