import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { dataFlags, dataRequestOf } from '../../data-flags.js';
import type { SpecVerdicts } from '../../services/check-specs.js';

export default class SpecValidate extends BdeCommand {
  static override readonly summary = 'Check spec files: their fields, and whether their roles can be had here.';
  static override readonly description =
    'Tells every error of every file with its place. Ends with 3 when one of the files does not hold.';
  static override readonly strict = false;
  static override readonly args = {
    file: Args.string({ description: 'Spec files, or VENDOR/FLAVOUR of the spec map.', required: true }),
  };
  static override readonly flags = dataFlags;
  static override readonly examples = [
    '<%= config.bin %> spec validate my-cluster.json',
    '<%= config.bin %> spec validate *.json --json',
  ];

  async run(): Promise<SpecVerdicts> {
    const { argv, flags } = await this.parse(SpecValidate);
    const { checkSpecs } = await import('../../services/check-specs.js');
    const { renderSpecVerdicts } = await import('../../render-spec-verdicts.js');
    const verdicts = await checkSpecs(argv.map(String), dataRequestOf(flags), this.projectRoot);
    this.print(renderSpecVerdicts(verdicts));
    if (!verdicts.holds) process.exitCode = 3;
    return verdicts;
  }
}
