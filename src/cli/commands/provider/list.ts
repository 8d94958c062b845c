import { BdeCommand } from '../../base-command.js';
import type { ProviderListing } from '../../services/providers.js';

export default class ProviderList extends BdeCommand {
  static override readonly summary = 'List the providers: what machines they make, and what sizes mean there.';
  static override readonly examples = ['<%= config.bin %> provider list', '<%= config.bin %> provider list --json'];

  async run(): Promise<ProviderListing> {
    await this.parse(ProviderList);
    const { listProviders } = await import('../../services/providers.js');
    const { renderProviders } = await import('../../render-providers.js');
    const list = await listProviders();
    this.print(renderProviders(list.providers));
    return list;
  }
}
