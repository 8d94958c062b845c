import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../cluster-flags.js';
import type { ClusterDescription } from '../../services/describe-cluster.js';

export default class ClusterShow extends BdeCommand {
  static override readonly summary = 'Show a cluster: state, nodes, endpoints, what to run next.';
  static override readonly args = clusterArg;
  static override readonly examples = [
    '<%= config.bin %> cluster show bare-basic',
    '<%= config.bin %> cluster show bare-basic --json',
  ];

  async run(): Promise<ClusterDescription> {
    const { args } = await this.parse(ClusterShow);
    const { showCluster } = await import('../../services/show-cluster.js');
    const cluster = await showCluster(args.name);
    const { renderCluster } = await import('../../render-cluster.js');
    this.print(renderCluster(cluster));
    return cluster;
  }
}
