import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg, forceFlag, groupFlag } from '../../cluster-flags.js';

export default class ClusterStop extends ChangeCommand {
  static override readonly summary = 'Stop services, then machines, dependents first; data stays.';
  static override readonly args = clusterArg;
  static override readonly flags = { ...groupFlag, ...changeFlags, ...forceFlag };
  static override readonly examples = [
    '<%= config.bin %> cluster stop lab',
    '<%= config.bin %> cluster stop lab --group agent --plan',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterStop);
    const { powerRequest } = await import('../../services/change-requests.js');
    return this.change(args.name, powerRequest('stop', flags.group, flags.force), flags);
  }
}
