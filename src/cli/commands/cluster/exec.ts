import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';

export default class ClusterExec extends BdeCommand {
  static override readonly summary = 'Run one command on many nodes at once.';
  static override readonly description =
    'The first remote exit code that is not 0 is passed on; failures of bde itself are 255.';
  static override readonly strict = false;
  static override readonly args = { name: Args.string({ description: 'Name of the cluster.', required: true }) };
  static override readonly flags = {
    role: Flags.string({ description: 'Only nodes with this role.', helpValue: 'NAME' }),
    group: Flags.string({ description: 'Only nodes of this group.', helpValue: 'NAME' }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster exec bare-basic -- uptime',
    '<%= config.bin %> cluster exec bare-basic --role basic -- df -h',
  ];

  protected override failureExitCode(): number {
    return 255;
  }

  async run(): Promise<unknown> {
    const { args, argv, flags } = await this.parse(ClusterExec);
    const { execOnNodes } = await import('../../services/exec-on-nodes.js');
    const selection = {
      ...(flags.role === undefined ? {} : { role: flags.role }),
      ...(flags.group === undefined ? {} : { group: flags.group }),
    };
    const report = await execOnNodes(
      args.name,
      { selection, argv: argv.slice(1).map(String) },
      {
        projectRoot: this.projectRoot,
        say: (text: string) => this.say(text),
      },
    );
    this.print(report.lines);
    process.exitCode = report.exitCode;
    return report.json;
  }
}
