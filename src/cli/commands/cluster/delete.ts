import { Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../cluster-flags.js';

export default class ClusterDelete extends BdeCommand {
  static override readonly summary = 'Delete a cluster and everything that was made for it.';
  static override readonly description =
    'Works from every state, and asks first. It looks that nothing is left; what cannot be removed is listed with where it ' +
    'is and how to remove it by hand, and the cluster stays until a delete comes through.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    plan: Flags.boolean({ description: 'Show what would be done, and do nothing.', default: false }),
    yes: Flags.boolean({ char: 'y', description: 'Do not ask.', env: 'BDE_YES', default: false }),
    abandon: Flags.boolean({
      description: 'Forget the cluster also where something of it cannot be removed; that is listed and stays.',
      default: false,
    }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster delete bare-basic',
    '<%= config.bin %> cluster delete bare-basic --yes --json',
    '<%= config.bin %> cluster delete bare-basic --abandon',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterDelete);
    const surroundings = { projectRoot: this.projectRoot, say: (text: string) => this.say(text) };
    const { previewDelete } = await import('../../services/preview-delete.js');
    const preview = await previewDelete(args.name, surroundings);
    if (flags.plan) {
      this.print(preview.lines);
      return preview.json;
    }
    const { confirm } = await import('../../confirm.js');
    await confirm({ question: preview.question, yes: flags.yes });
    const { remove } = await import('../../services/run-cluster-operation.js');
    const report = await remove(args.name, { ...surroundings, abandon: flags.abandon });
    this.print(report.lines);
    return report.json;
  }
}
