import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { RestoreReport } from '../../services/state/restore-state.js';

export default class StateRestore extends BdeCommand {
  static override readonly summary = 'Put a backup into this home.';
  static override readonly description =
    'Refused where the home has state, or where another identity made the backup. What clusters did after the backup is on their nodes: bde cluster import takes it over.';
  static override readonly args = {
    file: Args.string({ description: 'File that bde state backup wrote.', required: true }),
  };
  static override readonly flags = {
    force: Flags.boolean({
      description: 'Let the state that is there make way; it is kept beside the new one.',
      default: false,
    }),
  };
  static override readonly examples = [
    '<%= config.bin %> state restore /backup/bde-monday',
    '<%= config.bin %> state restore /backup/bde-monday --force',
  ];

  async run(): Promise<RestoreReport> {
    const { args, flags } = await this.parse(StateRestore);
    const { restoreState } = await import('../../services/state/restore-state.js');
    const report = await restoreState(args.file, { force: flags.force, projectRoot: this.projectRoot });
    this.print([
      `Restored the state of ${report.createdAt}: ${String(report.clusters.length)} clusters.`,
      ...(report.replaced === null ? [] : [`What was here before is in ${report.replaced}.`]),
      ...report.clusters.map(
        ({ name }) => `  changed since? bde cluster import --cluster ${name} takes over what its nodes know`,
      ),
    ]);
    return report;
  }
}
