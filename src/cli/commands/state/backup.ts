import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { BackupReport } from '../../services/state/backup-state.js';

export default class StateBackup extends BdeCommand {
  static override readonly summary = 'Write what this home knows into one sealed file.';
  static override readonly description =
    'The store, the keys of the mirror and leases of hosts, sealed to the operator identity and signed by it. The identity itself is not in it: back that up by itself.';
  static override readonly args = {
    file: Args.string({ description: 'File to write; it must not be there yet.', required: true }),
  };
  static override readonly flags = {
    packages: Flags.boolean({ description: 'With the packages of the mirror, which can be large.', default: false }),
  };
  static override readonly examples = [
    '<%= config.bin %> state backup /backup/bde-monday',
    '<%= config.bin %> state backup /backup/bde-whole --packages',
  ];

  async run(): Promise<BackupReport> {
    const { args, flags } = await this.parse(StateBackup);
    const { backupState } = await import('../../services/state/backup-state.js');
    const report = await backupState(args.file, { packages: flags.packages });
    this.print([
      `Wrote ${report.file} (${String(report.bytes)} bytes): ${String(report.clusters.length)} clusters.`,
      'Whoever restores it needs the operator identity, which is not in it.',
    ]);
    return report;
  }
}
