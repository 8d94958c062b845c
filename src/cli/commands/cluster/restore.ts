import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg } from '../../cluster-flags.js';

export default class ClusterRestore extends ChangeCommand {
  static override readonly summary = 'Replace the data of roles by that of a backup; what was written since is lost.';
  static override readonly description =
    'All that requires these roles stops first, then they do, on every node; they start again with the data of the backup, ' +
    'and acceptance tests run.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    from: Flags.string({
      description: 'Id of a backup, or its folder; without it the newest one of the cluster.',
      helpValue: 'ID|DIR',
    }),
    role: Flags.string({ description: 'Only the data of this role.', helpValue: 'NAME' }),
    'accept-other': Flags.boolean({ description: 'Take the backup of another cluster.', default: false }),
    ...changeFlags,
    yes: Flags.boolean({
      char: 'y',
      description: 'Do not ask before data is replaced.',
      env: 'BDE_YES',
      default: false,
    }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster restore lab --plan',
    '<%= config.bin %> cluster restore lab --from 01JD3Z8K6TQ4W8Y2B7C9E5F0GH',
    '<%= config.bin %> cluster restore next --from /mnt/backups/LAST --accept-other',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterRestore);
    const { restoreOf } = await import('../../services/backups/backup-requests.js');
    const { role, from, 'accept-other': acceptsOther } = flags;
    return this.change(args.name, restoreOf({ role, from, acceptsOther }), flags);
  }
}
