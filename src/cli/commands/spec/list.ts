import { BdeCommand } from '../../base-command.js';
import { dataRequestOf, distrosFlag, siteFlag } from '../../data-flags.js';
import type { SpecListing } from '../../services/list-specs.js';

export default class SpecList extends BdeCommand {
  static override readonly summary = 'List the specs that come with bde, by the name that --spec takes.';
  static override readonly flags = { distros: distrosFlag, site: siteFlag };
  static override readonly examples = ['<%= config.bin %> spec list', '<%= config.bin %> spec list --json'];

  async run(): Promise<SpecListing> {
    const { flags } = await this.parse(SpecList);
    const { findDataFolders } = await import('../../services/find-data-folders.js');
    const { listSpecs } = await import('../../services/list-specs.js');
    const { renderTable } = await import('../../../report/render-table.js');
    const list = await listSpecs(await findDataFolders(dataRequestOf(flags), this.projectRoot));
    this.print(
      renderTable({
        columns: [{ title: 'spec' }, { title: 'distro' }, { title: 'description' }],
        rows: list.specs.map((spec) => [spec.name, spec.distros.join(', '), spec.description]),
      }),
    );
    for (const problem of list.problems) this.say(`warning: ${problem.message}`);
    return list;
  }
}
