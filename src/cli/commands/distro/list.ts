import { BdeCommand } from '../../base-command.js';
import { dataRequestOf, distrosFlag, siteFlag } from '../../data-flags.js';
import type { DistroListing } from '../../services/list-distros.js';

export default class DistroList extends BdeCommand {
  static override readonly summary = 'List the distros of the manifest, by the name that --distro takes.';
  static override readonly flags = { distros: distrosFlag, site: siteFlag };
  static override readonly examples = ['<%= config.bin %> distro list', '<%= config.bin %> distro list --json'];

  async run(): Promise<DistroListing> {
    const { flags } = await this.parse(DistroList);
    const { findDataFolders } = await import('../../services/find-data-folders.js');
    const { listDistros } = await import('../../services/list-distros.js');
    const { renderTable } = await import('../../../report/render-table.js');
    const list = await listDistros(await findDataFolders(dataRequestOf(flags), this.projectRoot));
    this.print(
      renderTable({
        columns: [
          { title: 'distro' },
          { title: 'vendor' },
          { title: 'specs' },
          { title: 'repos' },
          { title: 'roles', align: 'right' },
        ],
        rows: list.distros.map((each) => [
          each.label,
          each.vendor,
          each.specs.join(','),
          each.repos.join(','),
          each.roles.length,
        ]),
      }),
    );
    for (const problem of list.problems) this.say(`warning: ${problem.message}`);
    return list;
  }
}
