import { BdeCommand } from '../../base-command.js';
import { dataRequestOf, repoDataFlags } from '../../data-flags.js';
import type { RepoListingReport } from '../../services/repos.js';

export default class RepoList extends BdeCommand {
  static override readonly summary = 'List the package repos, what is built of each, and what it lacks.';
  static override readonly flags = repoDataFlags;
  static override readonly examples = [
    '<%= config.bin %> repo list',
    '<%= config.bin %> repo list --repos ./repos --json',
  ];

  async run(): Promise<RepoListingReport> {
    const { flags } = await this.parse(RepoList);
    const { listRepos } = await import('../../services/repos.js');
    const { renderRepos } = await import('../../render-repos.js');
    const list = await listRepos(dataRequestOf(flags), this.projectRoot);
    this.print(renderRepos(list));
    return list;
  }
}
