import { Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { clusterArg, groupFlag, nodeFlag, roleFlag, selectionOf } from '../../cluster-flags.js';

export default class ClusterConverge extends BdeCommand {
  static override readonly summary = 'Run the recipes again, whatever the recorded digests say.';
  static override readonly description =
    'Members of a role in service are looked at side by side; those that differ change in turn, as the role allows.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    ...roleFlag,
    ...groupFlag,
    ...nodeFlag,
    check: Flags.boolean({
      description: 'Change nothing; say what would change, and exit with 10 when something would.',
    }),
    diff: Flags.boolean({
      description: 'With --check: show how files would change.',
      dependsOn: ['check'],
    }),
    plan: Flags.boolean({
      description: 'Show which steps would run, and do nothing.',
      default: false,
      exclusive: ['check'],
    }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster converge bare-basic --role basic',
    '<%= config.bin %> cluster converge bare-basic --check --diff',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterConverge);
    const selection = selectionOf(flags);
    const surroundings = { projectRoot: this.projectRoot, say: (text: string) => this.say(text) };
    if (flags.plan) return this.#plan(args.name, selection, surroundings);
    if (flags.check) return this.#check(args.name, { ...selection, diff: flags.diff }, surroundings);
    const { converge } = await import('../../services/run-cluster-operation.js');
    const report = await converge(args.name, selection, surroundings);
    this.print(report.lines);
    return report.json;
  }

  async #plan(
    name: string,
    selection: { readonly role?: string; readonly group?: string; readonly node?: string },
    surroundings: { readonly projectRoot: string; readonly say: (text: string) => void },
  ): Promise<unknown> {
    const { previewConverge } = await import('../../services/preview-converge.js');
    const preview = await previewConverge(name, selection, surroundings);
    this.print(preview.lines);
    return preview.json;
  }

  async #check(
    name: string,
    selection: { readonly role?: string; readonly group?: string; readonly node?: string; readonly diff: boolean },
    surroundings: { readonly projectRoot: string; readonly say: (text: string) => void },
  ): Promise<unknown> {
    const { checkCluster } = await import('../../services/check-cluster.js');
    const report = await checkCluster(name, selection, surroundings);
    this.print(report.lines);
    if (report.differs) process.exitCode = 10;
    return report.json;
  }
}
