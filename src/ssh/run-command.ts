import type { Clock } from '../engine/ports/clock.js';
import type { CommandResult, NodeLink } from '../engine/ports/nodes.js';
import { createHead } from './bounded-output.js';
import type { KeptConnection } from './kept-connection.js';
import type { NodeShell } from './node-shell.js';

type CommandOptions = NonNullable<Parameters<NodeLink['command']>[1]>;

/** A command and what it runs on. */
export interface RemoteCommand {
  readonly argv: readonly string[];
  readonly options: CommandOptions;
  readonly clock: Clock;
}

/** How one ended; `undefined` status where it had to be left behind. */
interface Ending {
  readonly status: number | undefined;
  readonly timedOut: boolean;
}

const OUTPUT_LIMIT = 1024 * 1024;
/** The node's own way of killing takes a second at most; after this the shell is given up. */
const KILL_GRACE_MS = 10_000;

/** What a POSIX shell adds to the number of the signal that ended a command. */
const SIGNAL_BASE = 128;
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/**
 * Runs one command on a warm shell. A status over 128 that stands for a signal is reported as that signal.
 *
 * @throws BdeError `CONNECT_LOST`: it may have run; the signal's reason when aborted
 */
export async function runCommand(connection: KeptConnection, command: RemoteCommand): Promise<CommandResult> {
  const { argv, options, clock } = command;
  const outputs = { stdout: createHead(OUTPUT_LIMIT), stderr: createHead(OUTPUT_LIMIT) };
  const startedAt = clock.monotonicMs();
  const payload = options.stdin === undefined ? undefined : Buffer.from(revealed(options.stdin));
  options.signal?.throwIfAborted();
  const ending = await connection.use('bulk', (shell) =>
    endInTime(connection, shell, options, () =>
      shell.exchange({
        verb: 'command',
        args: [payload === undefined ? '-' : String(payload.length), nodeLimit(options), ...argv],
        ...(payload === undefined ? {} : { payload }),
        onData(stream, chunk) {
          outputs[stream].push(chunk);
          options.onOutput?.(stream, chunk);
        },
      }),
    ),
  );
  const durationMs = clock.monotonicMs() - startedAt;
  return {
    argv,
    ...describeStatus(ending),
    timedOut: ending.timedOut,
    durationMs,
    stdout: outputs.stdout.text(),
    stderr: outputs.stderr.text(),
  };
}

/** Waits for the exchange; on the time limit or the signal, kills the command's process group through another shell. */
async function endInTime(
  connection: KeptConnection,
  shell: NodeShell,
  { timeoutMs, signal }: CommandOptions,
  exchange: () => Promise<number>,
): Promise<Ending> {
  const limit = { isOver: false };
  const timers: NodeJS.Timeout[] = [];
  const kill = (): void => {
    timers.push(setTimeout(() => shell.close(), KILL_GRACE_MS));
    connection
      .use('control', (other) => other.exchange({ verb: 'kill', args: [shell.pid] }))
      .catch(() => shell.close());
  };
  const onTimeout = (): void => {
    limit.isOver = true;
    kill();
  };
  if (timeoutMs !== undefined) timers.push(setTimeout(onTimeout, timeoutMs));
  signal?.addEventListener('abort', kill);
  try {
    const status = await exchange();
    signal?.throwIfAborted();
    return { status, timedOut: limit.isOver };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.isOver) return { status: undefined, timedOut: true };
    throw error;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
  }
}

/** The node's own limit in seconds, for when nobody is there any more to kill. */
function nodeLimit({ timeoutMs }: CommandOptions): string {
  return timeoutMs === undefined ? '-' : String(Math.ceil((timeoutMs + KILL_GRACE_MS) / 1000));
}

function describeStatus({ status, timedOut }: Ending): Pick<CommandResult, 'exitCode' | 'signal'> {
  const signal = status === undefined ? undefined : SIGNALS[status - SIGNAL_BASE];
  if (timedOut) return { exitCode: null, signal: signal ?? 'SIGKILL' };
  return signal === undefined ? { exitCode: status ?? null, signal: null } : { exitCode: null, signal };
}

function revealed(stdin: NonNullable<CommandOptions['stdin']>): string {
  return typeof stdin === 'string' ? stdin : stdin.reveal();
}
