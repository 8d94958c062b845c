import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { NewCookbook } from '../../services/cookbooks/write-new-cookbook.js';

export default class CookbookNew extends BdeCommand {
  static override readonly summary = 'Write a small, whole cookbook to begin from.';
  static override readonly description =
    'It has attributes, a role with a probe, a recipe and templates, and passes lint and test as it is. Nothing is overwritten.';
  static override readonly args = {
    name: Args.string({ description: 'Name of the cookbook, and of its first role.', required: true }),
  };
  static override readonly flags = {
    path: Flags.string({
      description: 'Folder to make it in; made where it is missing.',
      helpValue: 'DIR',
      default: '.',
    }),
  };
  static override readonly examples = [
    '<%= config.bin %> cookbook new redis',
    '<%= config.bin %> cookbook new redis --path ./cookbooks',
  ];

  async run(): Promise<NewCookbook> {
    const { args, flags } = await this.parse(CookbookNew);
    const { writeNewCookbook } = await import('../../services/cookbooks/write-new-cookbook.js');
    const made = await writeNewCookbook(args.name, flags.path);
    this.print([
      `Wrote ${made.path}:`,
      ...made.files.map((file) => `  ${file}`),
      '',
      'Next:',
      `  bde cookbook lint ${flags.path}/${made.name}`,
      `  bde cookbook test ${made.name} --cookbooks ${flags.path}`,
    ]);
    return made;
  }
}
