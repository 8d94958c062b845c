import { isBdeError } from '../errors/bde-error.js';
import type { RunId } from '../errors/ids.js';
import type { RunEnd, RunRequest } from '../engine/ports/nodes.js';
import { createTail } from './bounded-output.js';
import { concludeRun, type RunAnswer } from './conclude-run.js';
import type { KeptConnection } from './kept-connection.js';
import type { NodeShell, ShellRequest } from './node-shell.js';
import { createRunOutput, type RunOutput } from './run-output.js';
import wrapper from './run-wrapper.sh';

/** A run as its followers know it. */
export interface FollowedRun {
  readonly node: string;
  readonly runId: RunId;
  /** What starts it; `undefined` where it must be on the node already. */
  readonly request: RunRequest | undefined;
  /** How long to wait for the node's lock. */
  readonly lockSeconds: number;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

const STDERR_LIMIT = 64 * 1024;
/** Losses in a row between which not one byte came. */
const FRUITLESS_LIMIT = 5;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/;

/**
 * Starts the run where the node does not have it, else attaches; follows it to its end over lost connections. On the node
 * nothing happens twice: whoever asks, the node's lock and the run's folder decide.
 *
 * @throws BdeError `CONNECT_LOST`, `RUN_REFUSED`, `NODE_FAILED`
 */
export async function runOnNode(connection: KeptConnection, run: FollowedRun): Promise<RunEnd> {
  const output = createRunOutput(run.onLine);
  let isOnNode = run.request === undefined;
  for (let fruitless = 0; ; fruitless += 1) {
    const before = output.offset();
    try {
      const ask = isOnNode || run.request === undefined ? followRequest(run, output) : startRequest(run.request, run);
      const answer = await connection.use('bulk', (shell) => askForRun(shell, ask, run, output));
      const end = concludeRun(answer, run);
      output.finish();
      return end;
    } catch (error) {
      if (!isBdeError(error, 'CONNECT_LOST') || fruitless === FRUITLESS_LIMIT) throw error;
    }
    if (output.offset() > before) fruitless = 0;
    isOnNode = run.request === undefined || (await lookUpRun(connection, run.runId)) !== 'absent';
  }
}

/** `absent`, `live`, `ended` or `died`. */
export async function lookUpRun(connection: KeptConnection, runId: RunId): Promise<string> {
  let state = '';
  await connection.repeat((shell) =>
    shell.exchange({ verb: 'look_up', args: [checkName(runId)], onFrame: (_, words) => (state = words[0] ?? '') }),
  );
  return state;
}

function startRequest(request: RunRequest, run: FollowedRun): ShellRequest {
  const payload = Buffer.from(`${wrapper}\n${request.script.reveal()}\n`);
  const names = [request.runId, String(request.epoch), request.key, request.digest, request.mode].map(checkName);
  const seconds = Math.max(1, Math.ceil(request.timeoutMs / 1000));
  return {
    verb: 'start',
    args: [...names, String(seconds), String(run.lockSeconds), String(payload.length)],
    payload,
  };
}

function followRequest(run: FollowedRun, output: RunOutput): ShellRequest {
  return { verb: 'follow', args: [checkName(run.runId), String(output.offset())] };
}

async function askForRun(shell: NodeShell, ask: ShellRequest, run: FollowedRun, output: RunOutput): Promise<RunAnswer> {
  let words: readonly string[] = [];
  let stderr = createTail(STDERR_LIMIT);
  if (ask.verb === 'start') output.restart();
  else output.goLive();
  run.signal.throwIfAborted();
  // Only this follower leaves: a run that is detached goes on, one that still probes ends at its next line.
  const leave = (): void => shell.close();
  run.signal.addEventListener('abort', leave);
  try {
    await shell.exchange({
      ...ask,
      onData: (stream, chunk) => (stream === 'stdout' ? output : stderr).push(chunk),
      onFrame(stream, said) {
        if (said[0] === 'detached') {
          if (stream === 'stderr') stderr = createTail(STDERR_LIMIT);
          else {
            output.restart();
            output.goLive();
          }
        } else if (said[0] !== 'started') words = said;
      },
    });
  } catch (error) {
    run.signal.throwIfAborted();
    throw error;
  } finally {
    run.signal.removeEventListener('abort', leave);
  }
  return { words, stderr: [stderr.text(), ...output.notes()].filter(Boolean).join('\n') };
}

/** Names become paths on the node. */
function checkName(name: string): string {
  if (!NAME.test(name)) throw new TypeError(`"${name}" cannot be part of a path on a node`);
  return name;
}
