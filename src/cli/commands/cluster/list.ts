import { BdeCommand } from '../../base-command.js';
import type { ClusterLine } from '../../services/list-clusters.js';

export default class ClusterList extends BdeCommand {
  static override readonly summary = 'List the clusters of this home.';
  static override readonly examples = ['<%= config.bin %> cluster list', '<%= config.bin %> cluster list --json'];

  async run(): Promise<{ readonly formatVersion: 1; readonly clusters: readonly ClusterLine[] }> {
    await this.parse(ClusterList);
    const { listClusters } = await import('../../services/list-clusters.js');
    const clusters = await listClusters();
    const { renderTable } = await import('../../../report/render-table.js');
    this.print(
      renderTable({
        columns: [
          { title: 'name' },
          { title: 'state' },
          { title: 'nodes', align: 'right' },
          { title: 'spec' },
          { title: 'distro' },
          { title: 'provider' },
        ],
        rows: clusters.map((each) => [
          each.rehearsal ? `${each.name} (rehearsal)` : each.name,
          each.state,
          each.nodeCount,
          each.spec,
          each.distro,
          each.provider,
        ]),
      }),
    );
    return { formatVersion: 1, clusters };
  }
}
