import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../src/cli/describe-failure.js';
import { Interrupted } from '../../../src/cli/interrupt.js';
import { BdeError } from '../../../src/errors/bde-error.js';

const UNKNOWN = new BdeError('UNKNOWN_CLUSTER', 'There is no cluster x.', {
  subject: { cluster: 'x' },
  hint: 'See which there are with bde cluster list.',
});

describe('describeFailure', () => {
  it('gives text, document and exit code of an expected failure', () => {
    const failure = describeFailure(UNKNOWN, { debug: false });

    expect(failure).toEqual({
      text: [
        'error: There is no cluster x. [UNKNOWN_CLUSTER]',
        '  where:  cluster x',
        '  next:   See which there are with bde cluster list.',
      ].join('\n'),
      json: {
        formatVersion: 1,
        error: {
          code: 'UNKNOWN_CLUSTER',
          exitCode: 2,
          message: 'There is no cluster x.',
          hint: 'See which there are with bde cluster list.',
          aftermath: null,
          subject: { cluster: 'x' },
          causes: [],
          data: {},
          failures: [],
        },
        exitCode: 2,
      },
      exitCode: 2,
    });
  });

  it('ends with the code that the command has for its own failures', () => {
    const failure = describeFailure(UNKNOWN, { debug: false, exitCodeFor: () => 255 });

    expect(failure.exitCode).toBe(255);
    expect(failure.json).toMatchObject({ error: { exitCode: 2 }, exitCode: 255 });
  });

  it('ends with 1 for a bug, and says what to do with it', () => {
    const failure = describeFailure(new TypeError('x is undefined'), { debug: false });

    expect(failure.exitCode).toBe(1);
    expect(failure.json.error.code).toBe('INTERNAL');
    expect(failure.text).toContain('this is a bug in bde');
    expect(failure.text).not.toContain('describe-failure.test.ts');
  });

  it('shows the stack with debug alone', () => {
    expect(describeFailure(new TypeError('x'), { debug: true }).text).toContain('describe-failure.test.ts');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends after %s with %i whatever the command has for failures', (signal, exitCode) => {
    const failure = describeFailure(new Interrupted(signal), { debug: false, exitCodeFor: () => 255 });

    expect(failure.exitCode).toBe(exitCode);
    expect(failure.json.error).toMatchObject({ code: 'INTERRUPTED', exitCode, message: `Stopped by ${signal}.` });
    expect(failure.text).toContain('bde cluster resume NAME');
  });

  it('names the cluster whose operation was stopped', () => {
    expect(describeFailure(new Interrupted('SIGINT', 'lab'), { debug: false }).text).toBe(
      'interrupted: Stopped by SIGINT.\n  next:   Go on with bde cluster resume lab.',
    );
  });

  it('takes a question that was left with Ctrl-C for a stop', () => {
    const left = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });

    expect(describeFailure(left, { debug: false }).exitCode).toBe(130);
  });

  it('takes an error of oclif about the command line for a usage error', () => {
    const error = Object.assign(new Error('Nonexistent flag: --plann\nSee more help with --help'), {
      oclif: { exit: 2 },
      flags: ['--plann'],
      parse: { input: { flags: { plan: {} } } },
    });

    const failure = describeFailure(error, { debug: false, command: 'cluster:create' });

    expect(failure.exitCode).toBe(2);
    expect(failure.json.error).toMatchObject({
      code: 'USAGE',
      message: 'bde cluster create has no flag "--plann"; did you mean --plan?',
      causes: [],
    });
  });
});
