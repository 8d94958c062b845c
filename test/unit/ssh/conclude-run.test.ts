import { describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import type { Digest, RunId } from '../../../src/errors/ids.js';
import { Secret } from '../../../src/errors/secret.js';
import { concludeRun } from '../../../src/ssh/conclude-run.js';

const ASKED = {
  node: 'demo-zk-1',
  runId: 'R1' as RunId,
  request: {
    runId: 'R1' as RunId,
    epoch: 3,
    key: 'zookeeper',
    digest: 'd' as Digest,
    mode: 'apply' as const,
    script: new Secret(''),
    timeoutMs: 1000,
  },
};

function failureOf(words: readonly string[], stderr = ''): BdeError {
  try {
    concludeRun({ words, stderr }, ASKED);
  } catch (error) {
    if (error instanceof BdeError) return error;
  }
  throw new Error('it did not fail');
}

describe('concludeRun', () => {
  it('reads each way in which a run can end', () => {
    const ends = ['exited 3', 'fenced 7', 'timed-out', 'died'].map((text) =>
      concludeRun({ words: text.split(' '), stderr: 'why' }, ASKED),
    );

    expect(ends).toEqual([
      { state: 'exited', exitCode: 3, stderr: 'why' },
      { state: 'fenced', epoch: 7 },
      { state: 'timed-out' },
      { state: 'died' },
    ]);
  });

  it.each([
    ['held R0 packages', 'demo-zk-1 is held by run R0 packages'],
    ['refused 4', 'demo-zk-1 has seen epoch 4, so run R1 of epoch 3 must not start there'],
    ['absent', 'demo-zk-1 knows of no run R1'],
  ])('refuses by %j and says why', (said, message) => {
    const error = failureOf(said.split(' '));

    expect([error.code, error.message, error.subject]).toEqual([
      'RUN_REFUSED',
      message,
      { node: 'demo-zk-1', role: 'zookeeper' },
    ]);
  });

  it('says what the shell said when the run could not even begin', () => {
    const error = failureOf([], 'sh: cannot create lock: Read-only file system\n');

    expect([error.code, error.message]).toEqual([
      'NODE_FAILED',
      'demo-zk-1 could not start run R1: sh: cannot create lock: Read-only file system',
    ]);
  });
});
