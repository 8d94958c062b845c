import { ChangeCommand } from '../../change-command.js';
import { clusterArg } from '../../cluster-flags.js';

export default class ClusterTrust extends ChangeCommand {
  static override readonly summary = 'Print the authorities that clients of the cluster have to trust, as PEM.';
  static override readonly args = clusterArg;
  static override readonly examples = [
    '<%= config.bin %> cluster trust lab > lab-ca.crt',
    '<%= config.bin %> cluster trust lab --json',
  ];

  async run(): Promise<unknown> {
    const { args } = await this.parse(ClusterTrust);
    const { trustOf } = await import('../../services/cluster-trust.js');
    const { lines, json } = await trustOf(args.name, this.surroundings);
    this.print(lines);
    return json;
  }
}
