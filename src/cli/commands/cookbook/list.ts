import { BdeCommand } from '../../base-command.js';
import { cookbooksFlag, dataRequestOf, siteFlag } from '../../data-flags.js';
import type { CookbookListing } from '../../services/cookbooks/list-cookbooks.js';

export default class CookbookList extends BdeCommand {
  static override readonly summary = 'List the cookbooks, with version, roles and where they lie.';
  static override readonly flags = { cookbooks: cookbooksFlag, site: siteFlag };
  static override readonly examples = [
    '<%= config.bin %> cookbook list',
    '<%= config.bin %> cookbook list --cookbooks ./cookbooks',
  ];

  async run(): Promise<CookbookListing> {
    const { flags } = await this.parse(CookbookList);
    const { listCookbooks } = await import('../../services/cookbooks/list-cookbooks.js');
    const { renderTable } = await import('../../../report/render-table.js');
    const list = await listCookbooks(dataRequestOf(flags), this.projectRoot);
    this.print(
      renderTable({
        columns: [{ title: 'cookbook' }, { title: 'version' }, { title: 'from' }, { title: 'roles' }],
        rows: list.cookbooks.map((each) => [
          each.name,
          each.version,
          each.shipped ? 'bde' : each.path,
          each.roles.join(','),
        ]),
      }),
    );
    for (const problem of list.problems) this.say(`warning: ${problem.message}`);
    return list;
  }
}
