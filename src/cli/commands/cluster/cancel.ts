import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../cluster-flags.js';

export default class ClusterCancel extends BdeCommand {
  static override readonly summary = 'Ask the operation that runs on a cluster to stop; it can be resumed.';
  static override readonly args = clusterArg;
  static override readonly examples = [
    '<%= config.bin %> cluster cancel lab',
    '<%= config.bin %> cluster cancel lab --json',
  ];

  async run(): Promise<unknown> {
    const { args } = await this.parse(ClusterCancel);
    const { cancel } = await import('../../services/hand-over.js');
    const report = await cancel(args.name, { projectRoot: this.projectRoot, say: (text: string) => this.say(text) });
    this.print(report.lines);
    return report.json;
  }
}
