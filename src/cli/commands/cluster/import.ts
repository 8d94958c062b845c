import { Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { siteFlag } from '../../data-flags.js';

export default class ClusterImport extends BdeCommand {
  static override readonly summary = 'Take over clusters whose machines are there and that this home does not know.';
  static override readonly description =
    'For a home that was lost: machines are found by their marks, and the sealed cluster record is read from them with the operator identity alone. What cannot be restored is said.';
  static override readonly flags = {
    provider: Flags.string({
      description: 'Where the machines are; without it what the site file says, else local.',
      helpValue: 'NAME',
      env: 'BDE_PROVIDER',
    }),
    host: Flags.string({ description: 'Address of a machine of the cluster.', helpValue: 'ADDRESS' }),
    cluster: Flags.string({
      description: 'The one to import, where there are several; also one that the nodes know better.',
      helpValue: 'NAME|ID',
    }),
    all: Flags.boolean({ description: 'Import every cluster that this home does not know.', exclusive: ['cluster'] }),
    'accept-older': Flags.boolean({
      description: 'Take a record though an operation ran on nodes after it was written.',
      default: false,
    }),
    plan: Flags.boolean({ description: 'Show what is there and what could be restored, and do nothing.' }),
    site: siteFlag,
  };
  static override readonly examples = [
    '<%= config.bin %> cluster import',
    '<%= config.bin %> cluster import --all --plan',
    '<%= config.bin %> cluster import --host 10.77.3.10',
    '<%= config.bin %> cluster import --provider racks --cluster lab',
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ClusterImport);
    const { importClusters } = await import('../../services/import-clusters.js');
    const { provider, site, host, cluster, all, plan } = flags;
    const report = await importClusters(
      { provider, site, host, cluster, all, plan, acceptOlder: flags['accept-older'] },
      { projectRoot: this.projectRoot, say: (text: string) => this.say(text) },
    );
    this.print(report.lines);
    return report.json;
  }
}
