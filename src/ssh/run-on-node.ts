import { BdeError, isBdeError } from '../errors/bde-error.js';
import type { RunId } from '../errors/ids.js';
import type { RunEnd, RunRequest } from '../engine/ports/nodes.js';
import { createTail } from './bounded-output.js';
import { checkName } from './check-name.js';
import { concludeRun, type RunAnswer } from './conclude-run.js';
import type { KeptConnection } from './kept-connection.js';
import type { NodeShell, ShellRequest } from './node-shell.js';
import { createRunOutput, type RunOutput } from './run-output.js';
import { splitScript, type RunScript } from './run-script.js';
import { findPart, startRequest } from './start-request.js';

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

/**
 * Starts the run where the node does not have it, else attaches; follows it to its end over lost connections. On the node
 * nothing happens twice: whoever asks, the node's lock and the run's folder decide.
 *
 * @throws BdeError `CONNECT_LOST`, `RUN_REFUSED`, `NODE_FAILED`
 */
export async function runOnNode(connection: KeptConnection, run: FollowedRun): Promise<RunEnd> {
  const output = createRunOutput(run.onLine);
  const start = run.request === undefined ? undefined : createStart(run, run.request);
  let isOnNode = start === undefined;
  for (let fruitless = 0; ; fruitless += 1) {
    const before = output.offset();
    try {
      const answer = await connection.use('bulk', (shell) => {
        const ask = isOnNode || start === undefined ? followRequest(run, output) : start.requestFor(shell);
        return askForRun(shell, ask, run, output);
      });
      if (start?.addWanted(answer) === true) continue;
      const end = concludeRun(answer, run);
      output.finish();
      return end;
    } catch (error) {
      if (!isBdeError(error, 'CONNECT_LOST') || fruitless === FRUITLESS_LIMIT) throw error;
    }
    if (output.offset() > before) fruitless = 0;
    isOnNode = start === undefined || (await lookUpRun(connection, run.runId)) !== 'absent';
  }
}

/** Starts one run, in as many exchanges as it takes until the node has all that it wants of it. */
interface Start {
  requestFor(shell: NodeShell): ShellRequest;
  /**
   * True where the answer asks for more, which the next request then brings.
   *
   * @throws BdeError `NODE_FAILED` where it asks for what it was sent, or for what the run does not have
   */
  addWanted(answer: RunAnswer): boolean;
}

function createStart(run: FollowedRun, request: RunRequest): Start {
  const script = splitScript(request);
  const { sharedSum } = script;
  const wanted = new Set<string>();
  return {
    requestFor(shell) {
      const along = new Set(shell.shared.has(sharedSum) ? wanted : [sharedSum, ...wanted]);
      shell.shared.add(sharedSum);
      return startRequest({ request, script, lockSeconds: run.lockSeconds, along: [...along] });
    },
    addWanted({ words: [state, ...sums] }) {
      if (state !== 'wanted') return false;
      if (!sums.some((sum) => isNew(sum, wanted, { request, script }))) throw insatiableError(run);
      for (const sum of sums) wanted.add(sum);
      return true;
    },
  };
}

function isNew(
  sum: string,
  wanted: ReadonlySet<string>,
  { request, script }: { readonly request: RunRequest; readonly script: RunScript },
): boolean {
  return !wanted.has(sum) && findPart(sum, request, script) !== undefined;
}

function insatiableError({ node, runId }: FollowedRun): BdeError {
  return new BdeError('NODE_FAILED', `${node} asks run ${runId} for contents that it was sent or that do not exist`, {
    hint: 'check free space and permissions of /var/lib/bde and /run/bde on the node',
    subject: { node },
  });
}

/** `absent`, `live`, `ended` or `died`. */
export async function lookUpRun(connection: KeptConnection, runId: RunId): Promise<string> {
  let state = '';
  await connection.repeat((shell) =>
    shell.exchange({ verb: 'look_up', args: [checkName(runId)], onFrame: (_, words) => (state = words[0] ?? '') }),
  );
  return state;
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
