import { BdeCommand } from '../../base-command.js';
import type { BuiltTemplate } from '../../services/templates.js';

export default class TemplateBuild extends BdeCommand {
  static override readonly summary = 'Build the machine template, or find it built already.';
  static override readonly description = 'cluster create does this by itself; here it can be done ahead of time.';
  static override readonly examples = ['<%= config.bin %> template build', '<%= config.bin %> template build --json'];

  async run(): Promise<BuiltTemplate> {
    await this.parse(TemplateBuild);
    const { buildTemplate } = await import('../../services/templates.js');
    const { renderTemplates } = await import('../../render-templates.js');
    const built = await buildTemplate((line) => this.say(line));
    this.print(renderTemplates([built.template]));
    return built;
  }
}
