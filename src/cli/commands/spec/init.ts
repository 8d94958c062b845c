import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';

export default class SpecInit extends BdeCommand {
  static override readonly summary = 'Write a commented cluster spec to start from.';
  static override readonly args = {
    file: Args.string({ description: 'File to make; without it, the spec goes to stdout.' }),
  };
  static override readonly examples = [
    '<%= config.bin %> spec init my-cluster.json',
    '<%= config.bin %> spec init > my-cluster.json',
  ];

  async run(): Promise<{ readonly formatVersion: 1; readonly file: string | null; readonly text: string }> {
    const { args } = await this.parse(SpecInit);
    const { writeFirstSpec } = await import('../../services/write-first-spec.js');
    const { file, text } = await writeFirstSpec(args.file);
    this.print(file === null ? [text.trimEnd()] : [`Wrote ${file}. Next: bde spec validate ${file}`]);
    return { formatVersion: 1, file, text };
  }
}
