import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg } from '../../cluster-flags.js';

export default class ClusterBackup extends ChangeCommand {
  static override readonly summary = 'Take the data of roles while the cluster goes on, and seal it.';
  static override readonly description =
    'Recipes of each role write its data on a node that is ready, and not the leader where there is another; it is packed, ' +
    'carried here and sealed. A backup is there whole or not at all.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    role: Flags.string({ description: 'Only the data of this role.', helpValue: 'NAME' }),
    to: Flags.string({
      description: 'Folder in which the folder of the backup appears; without it the home of bde.',
      helpValue: 'DIR',
    }),
    plan: changeFlags.plan,
    'detailed-exitcode': changeFlags['detailed-exitcode'],
  };
  static override readonly examples = [
    '<%= config.bin %> cluster backup lab',
    '<%= config.bin %> cluster backup lab --role store --to /mnt/backups',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterBackup);
    const { backUpCluster } = await import('../../services/backups/backup-cluster.js');
    const { role, to, plan } = flags;
    const manner = { ...this.surroundings, plan, yes: true };
    return this.report(await backUpCluster(args.name, { role, to }, manner), flags);
  }
}
