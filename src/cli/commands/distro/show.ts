import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { dataRequestOf, distrosFlag, siteFlag } from '../../data-flags.js';
import type { DistroDescription } from '../../services/describe-distro.js';

export default class DistroShow extends BdeCommand {
  static override readonly summary = 'Show a distro: its roles, cookbooks and package repos.';
  static override readonly args = {
    distro: Args.string({ description: 'NAME or NAME@VERSION of the manifest.', required: true }),
  };
  static override readonly flags = { distros: distrosFlag, site: siteFlag };
  static override readonly examples = [
    '<%= config.bin %> distro show bare',
    '<%= config.bin %> distro show bare@1 --json',
  ];

  async run(): Promise<DistroDescription> {
    const { args, flags } = await this.parse(DistroShow);
    const { findDataFolders } = await import('../../services/find-data-folders.js');
    const { describeDistro } = await import('../../services/describe-distro.js');
    const { renderDistro } = await import('../../render-distro.js');
    const distro = await describeDistro(args.distro, await findDataFolders(dataRequestOf(flags), this.projectRoot));
    this.print(renderDistro(distro));
    return distro;
  }
}
