import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg, rollbackFlag } from '../../cluster-flags.js';
import { dataFlags, dataRequestOf } from '../../data-flags.js';

export default class ClusterUpgrade extends ChangeCommand {
  static override readonly summary = 'Bring a cluster to another distro version, or back to the one before.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    distro: Flags.string({
      description: 'NAME@VERSION of the manifest.',
      helpValue: 'NAME',
      env: 'BDE_DISTRO',
      exactlyOne: ['distro', 'rollback'],
    }),
    rollback: Flags.boolean({ description: 'Go back to the inputs from before the last change of them.' }),
    ...dataFlags,
    ...changeFlags,
    ...rollbackFlag,
  };
  static override readonly examples = [
    '<%= config.bin %> cluster upgrade lab --distro acme@2.1 --plan',
    '<%= config.bin %> cluster upgrade lab --rollback',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterUpgrade);
    const { rollbackRequest, upgradeRequest } = await import('../../services/change-requests.js');
    const { distro } = flags;
    const data = dataRequestOf(flags);
    const order = { data, projectRoot: this.projectRoot };
    const request = distro === undefined ? rollbackRequest() : upgradeRequest({ distro, ...order });
    return this.change(args.name, request, { ...flags, data });
  }
}
