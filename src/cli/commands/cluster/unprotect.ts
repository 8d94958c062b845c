import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../cluster-flags.js';

export default class ClusterUnprotect extends BdeCommand {
  static override readonly summary = 'Take the protection of a cluster away.';
  static override readonly args = clusterArg;
  static override readonly examples = [
    '<%= config.bin %> cluster unprotect lab',
    '<%= config.bin %> cluster unprotect lab --json',
  ];

  async run(): Promise<unknown> {
    const { args } = await this.parse(ClusterUnprotect);
    const { protect } = await import('../../services/hand-over.js');
    const report = await protect(args.name, false, {
      projectRoot: this.projectRoot,
      say: (text: string) => this.say(text),
    });
    this.print(report.lines);
    return report.json;
  }
}
