import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { clusterArg } from '../../cluster-flags.js';

export default class ClusterStatus extends ChangeCommand {
  static override readonly summary = 'Look at every node: its machine, whether it answers, what its roles say.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    'detailed-exitcode': Flags.boolean({
      description: 'Exit with 10 when a node is not well.',
      exclusive: ['watch'],
    }),
    watch: Flags.boolean({ description: 'Look again and again until Ctrl-C; show what changed.', default: false }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster status lab',
    '<%= config.bin %> cluster status lab --watch',
    '<%= config.bin %> cluster status lab --detailed-exitcode --json',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterStatus);
    const { status, watchStatus } = await import('../../services/cluster-status.js');
    if (flags.watch) return (await watchStatus(args.name, this.surroundings, (lines) => this.print(lines))).json;
    const report = await status(args.name, this.surroundings);
    this.print(report.lines);
    if (flags['detailed-exitcode'] && !report.json.healthy) process.exitCode = 10;
    return report.json;
  }
}
