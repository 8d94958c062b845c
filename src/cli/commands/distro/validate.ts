import { BdeCommand } from '../../base-command.js';
import { dataFlags, dataRequestOf } from '../../data-flags.js';
import type { CatalogueVerdict } from '../../services/check-catalogue.js';

export default class DistroValidate extends BdeCommand {
  static override readonly summary = 'Check the manifest, and whether all that comes with bde fits together.';
  static override readonly description =
    'Looks at manifests, spec map, shipped specs and cookbooks, those of --cookbooks and --distros too, and tells every error with its place. Ends with 3 when there is one.';
  static override readonly flags = dataFlags;
  static override readonly examples = ['<%= config.bin %> distro validate', '<%= config.bin %> distro validate --json'];

  async run(): Promise<CatalogueVerdict> {
    const { flags } = await this.parse(DistroValidate);
    const { checkCatalogue } = await import('../../services/check-catalogue.js');
    const { renderCatalogueVerdict } = await import('../../render-catalogue-verdict.js');
    const verdict = await checkCatalogue(dataRequestOf(flags), this.projectRoot);
    this.print(renderCatalogueVerdict(verdict));
    if (!verdict.holds) process.exitCode = 3;
    return verdict;
  }
}
