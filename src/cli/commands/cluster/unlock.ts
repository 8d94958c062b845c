import { BdeCommand } from '../../base-command.js';
import { clusterArg, changeFlags } from '../../cluster-flags.js';

export default class ClusterUnlock extends BdeCommand {
  static override readonly summary = 'End the lease of a controller that hangs; the next command takes over.';
  static override readonly description =
    'A controller that lives renews its lease: ask it to stop with cancel instead.';
  static override readonly args = clusterArg;
  static override readonly flags = { yes: changeFlags.yes };
  static override readonly examples = [
    '<%= config.bin %> cluster unlock lab',
    '<%= config.bin %> cluster unlock lab --yes',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterUnlock);
    const { confirm } = await import('../../confirm.js');
    await confirm({ question: `End the lease of whoever is at work on ${args.name}. Go on?`, yes: flags.yes });
    const { unlock } = await import('../../services/hand-over.js');
    const report = await unlock(args.name, { projectRoot: this.projectRoot, say: (text) => this.say(text) });
    this.print(report.lines);
    return report.json;
  }
}
