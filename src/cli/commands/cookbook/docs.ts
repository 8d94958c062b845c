import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { cookbooksFlag, dataRequestOf, siteFlag } from '../../data-flags.js';
import type { CookbookDocs } from '../../services/cookbooks/describe-cookbook.js';

export default class CookbookDocsCommand extends BdeCommand {
  static override readonly summary = 'Print a page on a cookbook in Markdown: attributes, roles, ports, recipes.';
  static override readonly args = { name: Args.string({ description: 'Name of the cookbook.', required: true }) };
  static override readonly flags = { cookbooks: cookbooksFlag, site: siteFlag };
  static override readonly examples = [
    '<%= config.bin %> cookbook docs base',
    '<%= config.bin %> cookbook docs mine --cookbooks ./cookbooks > mine.md',
  ];

  async run(): Promise<CookbookDocs> {
    const { args, flags } = await this.parse(CookbookDocsCommand);
    const { describeCookbook } = await import('../../services/cookbooks/describe-cookbook.js');
    const docs = await describeCookbook(args.name, dataRequestOf(flags), this.projectRoot);
    this.print([docs.markdown.trimEnd()]);
    return docs;
  }
}
