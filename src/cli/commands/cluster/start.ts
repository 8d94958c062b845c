import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg, forceFlag, groupFlag } from '../../cluster-flags.js';

export default class ClusterStart extends ChangeCommand {
  static override readonly summary = 'Start machines and wait for their services, in order.';
  static override readonly args = clusterArg;
  static override readonly flags = { ...groupFlag, ...changeFlags, ...forceFlag };
  static override readonly examples = [
    '<%= config.bin %> cluster start lab',
    '<%= config.bin %> cluster start lab --group agent',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterStart);
    const { powerRequest } = await import('../../services/change-requests.js');
    return this.change(args.name, powerRequest('start', flags.group, flags.force), flags);
  }
}
