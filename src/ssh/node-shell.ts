import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { BdeError } from '../errors/bde-error.js';
import { createTail } from './bounded-output.js';
import { createFrameReader } from './frame-reader.js';
import program from './node-shell.sh';
import { quoteInLine, quoteWord } from './quote-word.js';
import { withoutComments } from './without-comments.js';

/** The three streams of a remote (in tests: local) process. */
export interface ShellChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Calls back once, when nothing more will come; with the exit code where there was one. */
  onClose(callback: (exitCode?: number) => void): void;
  /** Cuts the channel; what ran there is left alone. */
  close(): void;
}

export type StreamName = 'stdout' | 'stderr';

/** One request to a warm shell. */
export interface ShellRequest {
  /** A function of `node-shell.sh`, without its `bde_`. */
  readonly verb: string;
  readonly args: readonly string[];
  readonly payload?: Buffer;
  readonly onData?: (stream: StreamName, chunk: Buffer) => void;
  /** Frames between the first and the last; each comes on both streams. */
  readonly onFrame?: (stream: StreamName, words: readonly string[]) => void;
}

/** A shell that waits on the node; one exchange at a time. */
export interface NodeShell {
  readonly pid: string;
  /** Sums of the beginnings of scripts that the node had when the shell began, and of those sent through it since. */
  readonly shared: Set<string>;
  /**
   * The status of the verb, once both streams are through.
   *
   * @throws BdeError `CONNECT_LOST`, `NODE_FAILED` (it could not take the payload)
   */
  exchange(request: ShellRequest): Promise<number>;
  /** False once closed or broken. */
  isUsable(): boolean;
  close(): void;
}

/** What to exec on the node: a shell that takes the rest from its stdin, so that nothing of it shows in the process list. */
export const SHELL_COMMAND = `exec sh -c 'IFS= read -r n && eval "$(head -c "$n")"' bde`;

/** An exchange that is under way. */
interface Current {
  push(stream: StreamName, chunk: Buffer): void;
  fail(error: unknown): void;
}

/**
 * Starts `node-shell.sh` on a channel that runs {@link SHELL_COMMAND}, and waits until it is ready.
 *
 * @throws BdeError `CONNECT_LOST`, `NODE_FAILED`
 */
export async function openNodeShell(
  channel: ShellChannel,
  options: { readonly node: string; readonly root: string },
): Promise<NodeShell> {
  const { node } = options;
  const token = newMark();
  let usable = true;
  let current: Current | undefined;

  const breakWith = (error: unknown): void => {
    usable = false;
    const failing = current;
    current = undefined;
    channel.close();
    failing?.fail(error);
  };
  channel.stdout.on('data', (chunk: Buffer) => current?.push('stdout', chunk));
  channel.stderr.on('data', (chunk: Buffer) => current?.push('stderr', chunk));
  // A write to a channel that is gone; that it is gone is told by onClose.
  channel.stdin.on('error', () => undefined);
  channel.onClose(() => breakWith(lostError(node)));

  /** Sends text, reads both streams up to their `last` frame; gives what that frame says. */
  const converse = (mark: string, last: string, send: { readonly text: string; readonly request: ShellRequest }) =>
    new Promise<readonly string[]>((resolve, reject) => {
      if (!usable) throw lostError(node);
      const settle = (value: readonly string[]): void => {
        current = undefined;
        resolve(value);
      };
      current = readFrames({ mark, last, node, request: send.request, settle, reject, breakWith });
      channel.stdin.write(send.text);
      if (send.request.payload !== undefined) channel.stdin.write(send.request.payload);
    });

  const text = `bde_root=${quoteWord(options.root)}\nbde_token=${token}\n${withoutComments(program)}`;
  const start = { text: `${Buffer.byteLength(text)}\n${text}`, request: { verb: 'start', args: [] } };
  const [pid = '', ...shared] = await converse(token, 'ready', start);
  return {
    pid,
    shared: new Set(shared),
    isUsable: () => usable,
    close: () => breakWith(lostError(node)),
    async exchange(request) {
      const mark = newMark();
      const line = [token, mark, `bde_${request.verb}`, ...request.args.map(quoteInLine)].join(' ');
      const [status] = await converse(mark, 'end', { text: `${line}\n`, request });
      return Number(status);
    },
  };
}

/** Everything that reading one answer needs. */
interface Reading {
  readonly mark: string;
  readonly last: string;
  readonly node: string;
  readonly request: ShellRequest;
  readonly settle: (said: readonly string[]) => void;
  readonly reject: (error: unknown) => void;
  readonly breakWith: (error: unknown) => void;
}

function readFrames(reading: Reading): Current {
  const { request, breakWith } = reading;
  const said = createTail(2048);
  const ended = new Set<StreamName>();
  const reader = (stream: StreamName) => {
    // What an earlier program left in the background may still print; an answer begins with its own first frame.
    let begun = false;
    return createFrameReader(reading.mark, {
      onData(chunk) {
        if (!begun || ended.has(stream)) return;
        if (stream === 'stderr') said.push(chunk);
        request.onData?.(stream, chunk);
      },
      onFrame(words) {
        if (words[0] === 'begin') begun = true;
        else if (words[0] === reading.last) {
          ended.add(stream);
          if (ended.size === 2) reading.settle(words.slice(1));
        } else if (words[0] === 'broken') {
          if (stream === 'stderr') breakWith(brokenError(reading.node, request.verb, said.text()));
        } else request.onFrame?.(stream, words);
      },
    });
  };
  const readers = { stdout: reader('stdout'), stderr: reader('stderr') };
  return {
    push(stream, chunk) {
      // A callback that throws must end its exchange, not the process.
      try {
        readers[stream](chunk);
      } catch (error) {
        breakWith(error instanceof RangeError ? endlessError(reading.node, error) : error);
      }
    },
    fail: reading.reject,
  };
}

function newMark(): string {
  return `bde-${randomBytes(16).toString('hex')}`;
}

function lostError(node: string): BdeError {
  return new BdeError('CONNECT_LOST', `the connection to ${node} ended before its exchange did`, { subject: { node } });
}

function endlessError(node: string, cause: RangeError): BdeError {
  return new BdeError('NODE_FAILED', `${node} does not speak as our shell does: ${cause.message}`, {
    hint: 'look at the node: another program answers there, or it was tampered with',
    subject: { node },
    cause,
  });
}

function brokenError(node: string, verb: string, said: string): BdeError {
  return new BdeError(
    'NODE_FAILED',
    `${node} could not take what was sent for "${verb}": ${said.trim() || 'no reason given'}`,
    {
      hint: 'check free space and permissions of /var/lib/bde and /run/bde on the node',
      subject: { node },
    },
  );
}
