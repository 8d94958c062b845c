import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { RunLog } from '../../services/cluster-logs.js';

export default class ClusterLogs extends BdeCommand {
  static override readonly summary = 'Show what the runs on the nodes of a cluster reported.';
  static override readonly description = 'Each resource with its outcome, and what was said on stderr.';
  static override readonly args = {
    name: Args.string({ description: 'Name of the cluster.', required: true }),
    node: Args.string({ description: 'Only this node.' }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster logs bare-basic',
    '<%= config.bin %> cluster logs bare-basic bare-basic-node-0',
  ];

  async run(): Promise<{ readonly formatVersion: 1; readonly runs: readonly RunLog[] }> {
    const { args } = await this.parse(ClusterLogs);
    const { readLogs } = await import('../../services/cluster-logs.js');
    const runs = await readLogs(args.name, args.node);
    const { renderRunLog } = await import('../../render-run-log.js');
    this.print(runs.flatMap(renderRunLog));
    return { formatVersion: 1, runs };
  }
}
