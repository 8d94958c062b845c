import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';

export default class SpecSchema extends BdeCommand {
  static override readonly summary = 'Print the JSON Schema of a format, for editors.';
  static override readonly args = {
    name: Args.string({ description: 'Name of the format.', default: 'cluster-spec' }),
  };
  static override readonly flags = {
    list: Flags.boolean({ description: 'Print the names of all formats instead.', default: false }),
  };
  static override readonly examples = [
    '<%= config.bin %> spec schema > cluster-spec.schema.json',
    '<%= config.bin %> spec schema --list',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(SpecSchema);
    const { schemaFor, schemaNames } = await import('../../../spec/schema-for.js');
    if (flags.list) {
      const names = schemaNames();
      this.print(names);
      return { formatVersion: 1, names };
    }
    const schema = schemaFor(args.name);
    this.print([JSON.stringify(schema, null, 2)]);
    return { formatVersion: 1, name: args.name, schema };
  }
}
