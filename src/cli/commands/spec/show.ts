import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { SpecDescription } from '../../services/describe-spec.js';

export default class SpecShow extends BdeCommand {
  static override readonly summary = 'Show the node groups of a spec, as bde understands them.';
  static override readonly args = {
    spec: Args.string({ description: 'VENDOR/FLAVOUR of the spec map, or a spec file.', required: true }),
  };
  static override readonly flags = {
    raw: Flags.boolean({ description: 'Print the file as it is.', default: false }),
  };
  static override readonly examples = [
    '<%= config.bin %> spec show bare/basic',
    '<%= config.bin %> spec show bare/basic --raw > my-cluster.json',
  ];

  async run(): Promise<SpecDescription> {
    const { args, flags } = await this.parse(SpecShow);
    const { describeSpec } = await import('../../services/describe-spec.js');
    const { renderSpec } = await import('../../render-spec.js');
    const spec = await describeSpec(args.spec, this.projectRoot);
    this.print(flags.raw ? [spec.text.trimEnd()] : renderSpec(spec));
    for (const warning of spec.warnings) this.say(`warning: ${warning.message}`);
    return spec;
  }
}
