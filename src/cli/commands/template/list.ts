import { BdeCommand } from '../../base-command.js';
import type { TemplateListing } from '../../services/templates.js';

export default class TemplateList extends BdeCommand {
  static override readonly summary = 'List the machine templates of this home.';
  static override readonly examples = ['<%= config.bin %> template list', '<%= config.bin %> template list --json'];

  async run(): Promise<TemplateListing> {
    await this.parse(TemplateList);
    const { listTemplates } = await import('../../services/templates.js');
    const { renderTemplates } = await import('../../render-templates.js');
    const list = await listTemplates();
    this.print(renderTemplates(list.templates));
    return list;
  }
}
