import { Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../cluster-flags.js';
import type { ExportReport } from '../../services/export-cluster.js';

export default class ClusterExport extends BdeCommand {
  static override readonly summary = 'Write a cluster in a form that other programs read.';
  static override readonly description =
    'spec is what apply and create take; ansible an inventory; ssh-config for ssh -F; hosts for /etc/hosts; rack a rack topology as BDE has it; json everything. No secret is in any of them: values of secret attributes leave as references, keys as names of files.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    format: Flags.option({
      description: 'What to write it as.',
      options: ['spec', 'ansible', 'ssh-config', 'hosts', 'rack', 'json'] as const,
      required: true,
    })(),
    out: Flags.string({ description: 'Write it here instead of printing it.', helpValue: 'FILE' }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster export lab --format spec --out lab.json',
    '<%= config.bin %> cluster export lab --format ssh-config --out lab.ssh',
    '<%= config.bin %> cluster export lab --format ansible --out lab.yaml',
  ];

  async run(): Promise<ExportReport> {
    const { args, flags } = await this.parse(ClusterExport);
    const { exportCluster } = await import('../../services/export-cluster.js');
    const report = await exportCluster(args.name, { format: flags.format, out: flags.out });
    this.print(report.file === null ? [report.text.trimEnd()] : [`Written to ${report.file}.`]);
    return report;
  }
}
