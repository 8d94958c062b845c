import { BdeError } from '../errors/bde-error.js';
import type { RunId } from '../errors/ids.js';
import type { RunEnd, RunRequest } from '../engine/ports/nodes.js';

/** The last that a node said of a run, and what came on stderr. */
export interface RunAnswer {
  readonly words: readonly string[];
  readonly stderr: string;
}

/** Which run, for messages. */
export interface AskedRun {
  readonly node: string;
  readonly runId: RunId;
  readonly request: RunRequest | undefined;
}

/**
 * How the run ended.
 *
 * @throws BdeError `RUN_REFUSED`, `NODE_FAILED` where it has not even begun
 */
export function concludeRun({ words, stderr }: RunAnswer, asked: AskedRun): RunEnd {
  const [said, detail = ''] = words;
  // No number is no end: an empty one must not pass for 0.
  const lacksNumber = (said === 'exited' || said === 'fenced') && !/^\d{1,9}$/.test(detail);
  const state = lacksNumber ? undefined : said;
  switch (state) {
    case 'exited':
      return { state, exitCode: Number(detail), stderr };
    case 'fenced':
      return { state, epoch: Number(detail) };
    case 'timed-out':
    case 'died':
      return { state };
    case 'held':
    case 'refused':
    case 'absent':
      throw refusal(state, words.slice(1).join(' '), asked);
    default:
      throw new BdeError('NODE_FAILED', `${asked.node} could not start run ${asked.runId}: ${reasonOf(stderr)}`, {
        subject: { node: asked.node },
      });
  }
}

function refusal(state: 'held' | 'refused' | 'absent', detail: string, asked: AskedRun): BdeError {
  const { message, hint } = describeRefusal(state, detail, asked);
  const role = asked.request?.key;
  return new BdeError('RUN_REFUSED', message, {
    hint,
    subject: role === undefined ? { node: asked.node } : { node: asked.node, role },
    data: { state, detail },
  });
}

function describeRefusal(state: 'held' | 'refused' | 'absent', detail: string, { node, runId, request }: AskedRun) {
  switch (state) {
    case 'held':
      return {
        message: `${node} is held by run ${detail}`,
        hint: 'wait for that run to end; `bde operation list` shows whose it is',
      };
    case 'refused':
      return {
        message: `${node} has seen epoch ${detail}, so run ${runId} of epoch ${request?.epoch ?? 0} must not start there`,
        hint: 'another controller took the cluster over; look at `bde operation list`',
      };
    case 'absent':
      return { message: `${node} knows of no run ${runId}`, hint: 'start the operation again' };
  }
}

function reasonOf(stderr: string): string {
  return stderr.trim() || 'no reason given';
}
