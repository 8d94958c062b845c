import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg, groupFlag, roleFlag, selectionOf } from '../../cluster-flags.js';

export default class ClusterRestart extends ChangeCommand {
  static override readonly summary = 'Restart services, some nodes at a time, so that roles stay in service.';
  static override readonly args = clusterArg;
  static override readonly flags = { ...roleFlag, ...groupFlag, ...changeFlags };
  static override readonly examples = [
    '<%= config.bin %> cluster restart lab',
    '<%= config.bin %> cluster restart lab --group master --plan',
    '<%= config.bin %> cluster restart lab --role web',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterRestart);
    const { restartRequest } = await import('../../services/change-requests.js');
    return this.change(args.name, restartRequest(selectionOf(flags)), flags);
  }
}
