import { describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import { errorDocument, exitCodeOf } from '../../../src/report/error-json.js';

describe('errorDocument', () => {
  it('carries everything that a script may branch on', () => {
    const failure = new BdeError('CONNECT_FAILED', 'zk-1 did not answer.', { subject: { node: 'zk-1' } });
    const error = new BdeError('PREFLIGHT_FAILED', 'One thing stands in the way.', {
      hint: 'Free the address.',
      subject: { cluster: 'mesos-basic' },
      aftermath: 'Nothing followed.',
      cause: new Error('EADDRINUSE'),
      data: { address: '10.0.0.1' },
      failures: [failure],
    });

    expect(JSON.parse(JSON.stringify(errorDocument(error)))).toEqual({
      formatVersion: 1,
      error: {
        code: 'PREFLIGHT_FAILED',
        exitCode: 4,
        message: 'One thing stands in the way.',
        hint: 'Free the address.',
        aftermath: 'Nothing followed.',
        subject: { cluster: 'mesos-basic' },
        causes: ['EADDRINUSE'],
        data: { address: '10.0.0.1' },
        failures: [
          {
            code: 'CONNECT_FAILED',
            exitCode: 6,
            message: 'zk-1 did not answer.',
            hint: null,
            aftermath: null,
            subject: { node: 'zk-1' },
            causes: [],
            data: {},
            failures: [],
          },
        ],
      },
    });
  });

  it('gives a bug the code INTERNAL and exit code 1', () => {
    expect(errorDocument(new TypeError('x is undefined')).error).toMatchObject({
      code: 'INTERNAL',
      exitCode: 1,
      message: 'x is undefined',
    });
  });

  it('takes things that are not even errors', () => {
    expect(errorDocument('boom').error).toMatchObject({ code: 'INTERNAL', message: 'boom', causes: [] });
  });
});

describe('exitCodeOf', () => {
  it.each([
    [new BdeError('USAGE', 'x'), 2],
    [new BdeError('STATE_INVALID', 'x'), 9],
    [new Error('x'), 1],
    ['x', 1],
  ])('is what the error table says for %s', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
