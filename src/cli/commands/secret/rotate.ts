import { Args, Flags } from '@oclif/core';
import { BdeError } from '../../../errors/bde-error.js';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags } from '../../cluster-flags.js';
import { clusterArg } from '../../secret-args.js';

export default class SecretRotate extends ChangeCommand {
  static override readonly summary = 'Make new values for secrets: what needs them restarts, some nodes at a time.';
  static override readonly description =
    'Only for secrets whose cookbook says how bde makes a value (`generate`); others are given one by `secret set`.';
  static override readonly strict = false;
  static override readonly args = {
    ...clusterArg,
    name: Args.string({ description: 'Names as `secret list` shows them, or COOKBOOK.ATTRIBUTE.' }),
  };
  static override readonly flags = {
    all: Flags.boolean({ description: 'Every secret of the cluster that bde can make.', default: false }),
    ...changeFlags,
  };
  static override readonly examples = [
    '<%= config.bin %> secret rotate lab vault.password --plan',
    '<%= config.bin %> secret rotate lab --all',
  ];

  async run(): Promise<unknown> {
    const { args, argv, flags } = await this.parse(SecretRotate);
    const names = argv.slice(1).map(String);
    const areNamed = names.length > 0;
    if (areNamed === flags.all) throw namesOrAll();
    const { rotateSecretsRequest } = await import('../../services/secret-requests.js');
    return this.change(args.cluster, rotateSecretsRequest(flags.all ? 'all' : names), flags);
  }
}

function namesOrAll(): BdeError {
  return new BdeError('USAGE', 'bde secret rotate takes either names of secrets or --all.', {
    hint: 'See them with bde secret list CLUSTER.',
  });
}
