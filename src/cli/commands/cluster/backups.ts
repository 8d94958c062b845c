import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { renderBackups } from '../../render-backups.js';

export default class ClusterBackups extends BdeCommand {
  static override readonly summary = 'List backups of clusters, those of clusters that are gone too; newest first.';
  static override readonly args = {
    name: Args.string({ description: 'Name of the cluster; without it all of them.' }),
  };
  static override readonly flags = {
    in: Flags.string({ description: 'Folder to look in; without it the home of bde.', helpValue: 'DIR' }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster backups lab',
    '<%= config.bin %> cluster backups --in /mnt/backups --json',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterBackups);
    const { listBackups } = await import('../../services/backups/list-backups.js');
    const list = await listBackups({ cluster: args.name, folder: flags.in });
    this.print(renderBackups(list));
    return list;
  }
}
