import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { ProviderState } from '../../services/providers.js';

export default class ProviderCheck extends BdeCommand {
  static override readonly summary = 'Check whether a provider can make machines: what it lacks, has, and has free.';
  static override readonly description = 'Changes nothing. Ends with 4 when something is missing.';
  static override readonly args = {
    name: Args.string({ description: 'Name of the provider; without it, that of this home.' }),
  };
  static override readonly examples = [
    '<%= config.bin %> provider check',
    '<%= config.bin %> provider check local --json',
  ];

  async run(): Promise<ProviderState> {
    const { args } = await this.parse(ProviderCheck);
    const { checkProvider } = await import('../../services/providers.js');
    const { renderProviderCheck } = await import('../../render-providers.js');
    const check = await checkProvider(args.name);
    this.print(renderProviderCheck(check));
    if (!check.ready) process.exitCode = 4;
    return check;
  }
}
