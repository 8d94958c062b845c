import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg, forceFlag } from '../../change-flags.js';

export default class ClusterFix extends ChangeCommand {
  static override readonly summary = 'Make dead nodes anew at their places: same name, address, ordinal.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    node: Flags.string({ description: 'Only this node, whatever its state.', helpValue: 'NAME' }),
    ...changeFlags,
    ...forceFlag,
  };
  static override readonly examples = [
    '<%= config.bin %> cluster fix lab --plan',
    '<%= config.bin %> cluster fix lab --node lab-master-1 --yes',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterFix);
    const { fixOf } = await import('../../services/fix-cluster.js');
    return this.change(args.name, fixOf(flags.node, flags.force, this.surroundings.say), flags);
  }
}
