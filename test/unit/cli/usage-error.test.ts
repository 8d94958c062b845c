import { Args, Flags, Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import { toUsageError } from '../../../src/cli/usage-error.js';

const INPUT = {
  args: { name: Args.string({ description: 'Name of the cluster.', required: true }) },
  flags: {
    plan: Flags.boolean(),
    spec: Flags.string({ required: true }),
    diff: Flags.boolean({ dependsOn: ['plan'] }),
    kind: Flags.string({ options: ['full', 'linked'] }),
  },
};

/** What oclif's own parser throws for a command line. */
async function parserError(argv: string[]): Promise<unknown> {
  return Parser.parse(argv, INPUT).then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function messageFor(...argv: string[]): Promise<string | undefined> {
  return toUsageError(await parserError(argv), 'cluster:create')?.message;
}

describe('toUsageError', () => {
  it('names the nearest flag for one that is unknown', async () => {
    const error = toUsageError(await parserError(['z', '--spec', 'a', '--plann']), 'cluster:create');

    expect(error).toMatchObject({
      code: 'USAGE',
      message: 'bde cluster create has no flag "--plann"; did you mean --plan?',
      hint: 'See bde cluster create --help.',
    });
  });

  it('shows nothing of the value of an unknown flag', async () => {
    expect(await messageFor('z', '--spec', 'a', '--wurst=hunter2')).toBe('bde cluster create has no flag "--wurst".');
  });

  it('names every unknown flag and suggests nothing for far names', async () => {
    expect(await messageFor('z', '--spec', 'a', '--wurst', '--brot')).toBe(
      'bde cluster create has no flag "--wurst" (nor "--brot").',
    );
  });

  it('describes the argument that is missing', async () => {
    expect(await messageFor('--spec', 'a')).toBe('bde cluster create lacks the argument NAME (name of the cluster).');
  });

  it('quotes arguments that the command does not take', async () => {
    expect(await messageFor('z', 'extra\n$(id)', '--spec', 'a')).toBe(
      'bde cluster create takes one argument; there is also "extra\\n$(id)".',
    );
  });

  it('names a required flag that is missing', async () => {
    expect(await messageFor('z')).toBe('bde cluster create lacks the flag --spec.');
  });

  it('tells broken relations of flags without the frame of oclif', async () => {
    expect(await messageFor('z', '--spec', 'a', '--diff')).toBe(
      'All of the following must be provided when using --diff: --plan.',
    );
  });

  it('tells which values a flag may have', async () => {
    expect(await messageFor('z', '--spec', 'a', '--kind', 'x')).toBe('Expected --kind=x to be one of: full, linked.');
  });

  it('speaks of bde itself where no command was reached', async () => {
    const error = toUsageError(await parserError(['z', '--spec', 'a', '--wurst']));

    expect(error?.hint).toBe('See bde --help.');
  });

  it.each([new BdeError('REPO_FAILED', 'x'), new TypeError('x'), 'x', undefined])('leaves %s alone', (error) => {
    expect(toUsageError(error)).toBeUndefined();
  });
});
