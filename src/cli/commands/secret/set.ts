import { Args, Flags } from '@oclif/core';
import { BdeError } from '../../../errors/bde-error.js';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags } from '../../cluster-flags.js';
import { clusterArg } from '../../secret-args.js';

export default class SecretSet extends ChangeCommand {
  static override readonly summary = 'Give a secret another value: what needs it restarts, some nodes at a time.';
  static override readonly description =
    'The value is read from standard input or a file, or asked for on a terminal; one line end at its end is no part of it. It is never an argument, for everybody on the host can see those.';
  /** What is too much is refused below, unseen: it may be the value. */
  static override readonly strict = false;
  static override readonly args = {
    ...clusterArg,
    name: Args.string({ description: 'Its name as `secret list` shows it, or COOKBOOK.ATTRIBUTE.', required: true }),
  };
  static override readonly flags = {
    file: Flags.string({ description: 'File that holds the value, and nothing else.', helpValue: 'FILE' }),
    ...changeFlags,
  };
  static override readonly examples = [
    'pass show lab/vault | <%= config.bin %> secret set lab vault.password',
    '<%= config.bin %> secret set lab vault.password --file new.txt --plan',
  ];

  async run(): Promise<unknown> {
    const { args, argv, flags } = await this.parse(SecretSet);
    if (argv.length > Object.keys(SecretSet.args).length) throw tooMuch();
    const { readSecretValue } = await import('../../services/read-secret-value.js');
    const { setSecretRequest } = await import('../../services/secret-requests.js');
    return this.change(args.cluster, setSecretRequest(args.name, await readSecretValue(flags.file)), flags);
  }
}

function tooMuch(): BdeError {
  return new BdeError(
    'USAGE',
    'bde secret set takes a cluster and a name; what stands behind them is not shown here.',
    {
      hint: 'Give the value on standard input or by --file FILE. If it was on this command line, it was seen: choose another.',
    },
  );
}
