import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { DeletedTemplates } from '../../services/templates.js';

export default class TemplateDelete extends BdeCommand {
  static override readonly summary = 'Delete a machine template that no machine stands on.';
  static override readonly args = {
    template: Args.string({ description: 'Name of the template, or the first digits of its digest.', required: true }),
  };
  static override readonly flags = {
    yes: Flags.boolean({ char: 'y', description: 'Do not ask.', env: 'BDE_YES', default: false }),
  };
  static override readonly examples = [
    '<%= config.bin %> template delete debian-12',
    '<%= config.bin %> template delete 6b8712fc --yes',
  ];

  async run(): Promise<DeletedTemplates> {
    const { args, flags } = await this.parse(TemplateDelete);
    const { deleteTemplates, findTemplates } = await import('../../services/templates.js');
    const { confirm } = await import('../../confirm.js');
    const found = await findTemplates(args.template);
    const labels = found.map(({ name, digest }) => `${name} ${digest.slice(0, 12)}`);
    await confirm({ question: `Delete the template ${labels.join(', ')}. Go on?`, yes: flags.yes });
    const deleted = await deleteTemplates(found);
    this.print(labels.map((label) => `Deleted ${label}.`));
    return deleted;
  }
}
