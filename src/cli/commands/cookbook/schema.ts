import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';

export default class CookbookSchema extends BdeCommand {
  static override readonly summary = "Print the JSON Schema of a format of cookbooks, or the formats' names.";
  static override readonly args = {
    name: Args.string({ description: 'Name of the format; without it all formats are listed.' }),
  };
  static override readonly examples = [
    '<%= config.bin %> cookbook schema',
    '<%= config.bin %> cookbook schema recipe > recipe.schema.json',
  ];

  async run(): Promise<unknown> {
    const { args } = await this.parse(CookbookSchema);
    const { COOKBOOK_FORMATS, cookbookSchema } = await import('../../../cookbook/cookbook-schemas.js');
    if (args.name === undefined) {
      const { renderTable } = await import('../../../report/render-table.js');
      const columns = [{ title: 'format' }, { title: 'files' }, { title: 'what it says' }];
      this.print(
        renderTable({ columns, rows: COOKBOOK_FORMATS.map(({ name, files, summary }) => [name, files, summary]) }),
      );
      return { formatVersion: 1, schemas: COOKBOOK_FORMATS };
    }
    const schema = cookbookSchema(args.name);
    this.print([JSON.stringify(schema, null, 2)]);
    return { formatVersion: 1, name: args.name, schema };
  }
}
