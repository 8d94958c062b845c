import { ChangeCommand } from '../../change-command.js';
import { clusterArg } from '../../cluster-flags.js';

export default class ClusterVerify extends ChangeCommand {
  static override readonly summary = 'Ask every role whether it is ready, and run the acceptance tests again.';
  static override readonly args = clusterArg;
  static override readonly examples = [
    '<%= config.bin %> cluster verify lab',
    '<%= config.bin %> cluster verify lab --json',
  ];

  async run(): Promise<unknown> {
    const { args } = await this.parse(ClusterVerify);
    const { verifyRequest } = await import('../../services/change-requests.js');
    return this.change(args.name, verifyRequest(), { plan: false, yes: true });
  }
}
