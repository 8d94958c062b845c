import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../cluster-flags.js';
import { dataRequestOf, repoDataFlags } from '../../data-flags.js';
import type { OperationReport } from '../../services/run-cluster-operation.js';

export default class ClusterResume extends BdeCommand {
  static override readonly summary = 'Go on with what was begun on a cluster.';
  static override readonly description = 'After a kill, Ctrl-C, or a failure whose cause was mended.';
  static override readonly args = clusterArg;
  static override readonly flags = repoDataFlags;
  static override readonly examples = [
    '<%= config.bin %> cluster resume bare-basic',
    '<%= config.bin %> cluster resume bare-basic --json',
  ];

  async run(): Promise<OperationReport['json']> {
    const { args, flags } = await this.parse(ClusterResume);
    const { resume } = await import('../../services/run-cluster-operation.js');
    const report = await resume(args.name, {
      projectRoot: this.projectRoot,
      say: (text: string) => this.say(text),
      data: dataRequestOf(flags),
    });
    this.print(report.lines);
    return report.json;
  }
}
