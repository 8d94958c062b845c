import { BdeCommand } from '../../base-command.js';
import { clusterArg, groupFlag, nodeFlag, roleFlag, selectionOf } from '../../cluster-flags.js';

export default class ClusterExec extends BdeCommand {
  static override readonly summary = 'Run one command on many nodes at once.';
  static override readonly description =
    'The command follows --, and no shell reads it: for pipes and globs name one, as in the last example. The first remote ' +
    'exit code that is not 0 is passed on; failures of bde itself are 255.';
  static override readonly strict = false;
  static override readonly usage =
    'cluster exec NAME [--role NAME] [--group NAME | --node NAME] -- COMMAND [ARGUMENT...]';
  static override readonly args = clusterArg;
  static override readonly flags = {
    ...roleFlag,
    ...groupFlag,
    ...nodeFlag,
  };
  static override readonly examples = [
    '<%= config.bin %> cluster exec bare-basic -- uptime',
    '<%= config.bin %> cluster exec bare-basic --role basic -- df -h',
    "<%= config.bin %> cluster exec bare-basic --node bare-basic-all-0 -- sh -c 'ps -e | wc -l'",
  ];

  protected override failureExitCode(): number {
    return 255;
  }

  async run(): Promise<unknown> {
    const { args, argv, flags } = await this.parse(ClusterExec);
    const { execOnNodes } = await import('../../services/exec-on-nodes.js');
    const order = { selection: selectionOf(flags), argv: argv.slice(1).map(String) };
    const report = await execOnNodes(args.name, order, {
      projectRoot: this.projectRoot,
      say: (text: string) => this.say(text),
    });
    this.print(report.lines);
    process.exitCode = report.exitCode;
    return report.json;
  }
}
