import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { dataRequestOf, repoDataFlags } from '../../data-flags.js';
import type { BuiltRepo } from '../../services/repos.js';

export default class RepoBuild extends BdeCommand {
  static override readonly summary = 'Build, sign and lock the packages of a repo, or find them built already.';
  static override readonly description =
    'Clusters that are there keep the packages they were made with; cluster create does this by itself where it has to.';
  static override readonly args = { name: Args.string({ description: 'Name of the repo.', required: true }) };
  static override readonly flags = {
    ...repoDataFlags,
    rehearse: Flags.boolean({
      description: 'Also make stand-in packages of what the repo lacks, for clusters with --rehearse.',
      env: 'BDE_REHEARSE',
      default: false,
    }),
  };
  static override readonly examples = [
    '<%= config.bin %> repo build java',
    '<%= config.bin %> repo build redis --repos ./repos --json',
  ];

  async run(): Promise<BuiltRepo> {
    const { args, flags } = await this.parse(RepoBuild);
    const { buildRepo } = await import('../../services/repos.js');
    const { renderBuiltRepo } = await import('../../render-repos.js');
    const order = { name: args.name, rehearsal: flags.rehearse, data: dataRequestOf(flags) };
    const built = await buildRepo(order, { projectRoot: this.projectRoot, say: (line: string) => this.say(line) });
    this.print(renderBuiltRepo(built));
    return built;
  }
}
