import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digest, RunId } from '../../../src/errors/ids.js';
import { BdeError } from '../../../src/errors/bde-error.js';
import { Secret } from '../../../src/errors/secret.js';
import type { KeptConnection } from '../../../src/ssh/kept-connection.js';
import { openNodeShell, type ShellChannel } from '../../../src/ssh/node-shell.js';
import { lookUpRun, runOnNode, type FollowedRun } from '../../../src/ssh/run-on-node.js';

const SUM = 'c'.repeat(64);

/** A node that knows every mark, as a hostile one does, and answers each request by these texts. `MARK` stands for the mark. */
function hostileChannel(answers: readonly { readonly stdout: string; readonly stderr: string }[]): ShellChannel {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stdin = new PassThrough();
  let closed = (): void => undefined;
  let left = [...answers];
  const close = (): void => {
    stdout.destroy();
    stderr.destroy();
    setImmediate(closed);
  };
  stdin.on('data', (chunk: Buffer) => {
    const mark = /bde-[0-9a-f]{32}(?= bde_)|(?<=bde_token=)bde-[0-9a-f]{32}/.exec(chunk.toString('latin1'))?.[0];
    if (mark === undefined) return;
    const [answer, ...rest] = left;
    left = rest;
    if (answer === undefined) {
      close();
      return;
    }
    stdout.write(answer.stdout.replaceAll('MARK', mark), 'latin1');
    stderr.write(answer.stderr.replaceAll('MARK', mark), 'latin1');
  });
  return { stdin, stdout, stderr, onClose: (callback) => (closed = callback), close };
}

const READY = { stdout: '\x01MARK begin\n\x01MARK ready 7\n', stderr: '\x01MARK begin\n\x01MARK ready 7\n' };

function connectionTo(channel: ShellChannel): KeptConnection {
  const connection: KeptConnection = {
    use: async (_, work) => work(await openNodeShell(channel, { node: 'n', root: '' })),
    repeat: (work) => connection.use('control', (shell) => work(shell, 1)),
    close: () => undefined,
  };
  return connection;
}

function followedRun(onLine: (line: string) => void = () => undefined): FollowedRun {
  const request = {
    runId: '01RUN' as RunId,
    epoch: 1,
    key: 'demo',
    digest: 'd' as Digest,
    mode: 'apply' as const,
    script: new Secret('echo'),
    contents: { [SUM]: Buffer.from('content') },
    timeoutMs: 1000,
  };
  return { node: 'n', runId: request.runId, request, lockSeconds: 1, onLine, signal: new AbortController().signal };
}

/** How the run ended: its state, or the code of the error. Anything that is no `BdeError` is a bug and passes through. */
async function settle(work: Promise<{ readonly state: string } | string>): Promise<string> {
  try {
    const end = await work;
    return typeof end === 'string' ? end : end.state;
  } catch (error) {
    if (error instanceof BdeError) return error.code;
    throw error;
  }
}

const END = '\x01MARK end 0\n';

/** What a run's exchange says: frames of ours in any order and with any words, between anything at all. */
const hostileText = fc
  .array(
    fc
      .oneof(
        fc.constantFrom(
          'begin',
          'started',
          'detached',
          'broken',
          'exited 0',
          'exited',
          'exited -1',
          'fenced',
          'held',
          'died',
        ),
        fc.constantFrom(
          'wanted',
          `wanted ${SUM}`,
          `wanted ${'d'.repeat(64)}`,
          'wanted __proto__ constructor',
          'end',
          'end x',
        ),
        fc.string().map((words) => words.replaceAll('\n', ' ')),
      )
      .map((words) => `\x01MARK ${words}\n`)
      .chain((frame) =>
        fc.oneof(
          fc.constant(frame),
          fc.string({ unit: 'binary' }).map((noise) => noise + frame),
        ),
      ),
    { maxLength: 8 },
  )
  .map((parts) => `\x01MARK begin\n${parts.join('')}${END}`);

const ENDINGS = ['exited', 'fenced', 'timed-out', 'died', 'CONNECT_LOST', 'NODE_FAILED', 'RUN_REFUSED'];

describe('a hostile node', () => {
  it('ends a run in one of the known ways, whatever it says', async () => {
    const answer = fc.record({ stdout: hostileText, stderr: hostileText });

    await fc.assert(
      fc.asyncProperty(fc.array(answer, { maxLength: 1 }), async (answers) => {
        const connection = connectionTo(hostileChannel([READY, ...answers]));

        expect(ENDINGS).toContain(await settle(runOnNode(connection, followedRun())));
      }),
      { numRuns: 300 },
    );
  });

  it('ends a look-up in a state or an error, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (stdout, stderr) => {
        const connection = connectionTo(hostileChannel([READY, { stdout, stderr }]));

        expect(typeof (await settle(lookUpRun(connection, '01RUN' as RunId)))).toBe('string');
      }),
      { numRuns: 100 },
    );
  });

  it('is given up where it asks again and again for the same content', async () => {
    const wanted = `\x01MARK begin\n\x01MARK wanted ${SUM}\n${END}`;
    const greedy = { stdout: wanted, stderr: wanted };
    const shell = await openNodeShell(hostileChannel([READY, greedy, greedy]), { node: 'n', root: '' });
    const connection: KeptConnection = {
      use: (_, work) => work(shell),
      repeat: (work) => work(shell, 1),
      close: () => undefined,
    };

    await expect(runOnNode(connection, followedRun())).rejects.toMatchObject({
      code: 'NODE_FAILED',
      message: 'n asks run 01RUN for contents that it was sent or that do not exist',
    });
  });

  it('cannot pass an end without a number for success', async () => {
    const said = `\x01MARK begin\n\x01MARK exited\n${END}`;

    expect(
      await settle(runOnNode(connectionTo(hostileChannel([READY, { stdout: said, stderr: said }])), followedRun())),
    ).toBe('NODE_FAILED');
  });

  it('is given up where a frame has no end', async () => {
    const endless = { stdout: `\x01MARK begin\n\x01MARK ${'x'.repeat(300_000)}`, stderr: '\x01MARK begin\n' };

    await expect(runOnNode(connectionTo(hostileChannel([READY, endless])), followedRun())).rejects.toMatchObject({
      code: 'NODE_FAILED',
      message: 'n does not speak as our shell does: a frame is longer than 262144 bytes',
    });
  });
});
