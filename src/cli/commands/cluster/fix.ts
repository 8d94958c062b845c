import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg, forceFlag } from '../../cluster-flags.js';
import { siteFlag } from '../../data-flags.js';

export default class ClusterFix extends ChangeCommand {
  static override readonly summary = 'Make dead nodes anew at their places: same name, address, ordinal.';
  static override readonly description =
    'Data disks are kept where they can be read; the plan says of each node whether they are kept or lost. A node that was ' +
    'mended twice within the hour is left alone and reported.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    node: Flags.string({ description: 'Only this node, whatever its state.', helpValue: 'NAME' }),
    'per-hour': Flags.integer({
      description:
        'How many nodes may be made anew within an hour, earlier fixes counted; 5 unless the site says else.',
      helpValue: 'N',
      env: 'BDE_FIX_PER_HOUR',
      min: 0,
    }),
    site: siteFlag,
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
    const { node, site, force: isForced, 'per-hour': perHour } = flags;
    return this.change(args.name, fixOf({ node, perHour, site, isForced }), flags);
  }
}
