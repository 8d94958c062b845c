import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';

export default class ClusterSsh extends BdeCommand {
  static override readonly summary = 'Open a shell on a node, or run one command there.';
  static override readonly description = 'The remote exit code is passed on; failures of bde itself are 255.';
  static override readonly strict = false;
  static override readonly enableJsonFlag = false;
  static override readonly args = {
    name: Args.string({ description: 'Name of the cluster.', required: true }),
    node: Args.string({ description: 'Name of the node.', required: true }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster ssh bare-basic bare-basic-node-0',
    '<%= config.bin %> cluster ssh bare-basic bare-basic-node-0 -- journalctl -e',
  ];

  protected override failureExitCode(): number {
    return 255;
  }

  async run(): Promise<void> {
    const { args, argv } = await this.parse(ClusterSsh);
    const { sshToNode } = await import('../../services/ssh-to-node.js');
    process.exitCode = await sshToNode(args.name, args.node, argv.slice(2).map(String));
  }
}
