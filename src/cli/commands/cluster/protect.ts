import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../cluster-flags.js';

export default class ClusterProtect extends BdeCommand {
  static override readonly summary = 'Protect a cluster: nothing of it is stopped or destroyed from now on.';
  static override readonly args = clusterArg;
  static override readonly examples = [
    '<%= config.bin %> cluster protect lab',
    '<%= config.bin %> cluster protect lab --json',
  ];

  async run(): Promise<unknown> {
    const { args } = await this.parse(ClusterProtect);
    const { protect } = await import('../../services/hand-over.js');
    const report = await protect(args.name, true, {
      projectRoot: this.projectRoot,
      say: (text: string) => this.say(text),
    });
    this.print(report.lines);
    return report.json;
  }
}
