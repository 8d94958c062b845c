import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { dataFlags, dataRequestOf } from '../../data-flags.js';
import type { CookbookTest } from '../../services/cookbooks/test-cookbook.js';

export default class CookbookTestCommand extends BdeCommand {
  static override readonly summary = 'Converge a cookbook twice on throwaway machines, and say what changed again.';
  static override readonly description =
    'Roles come with what they require, each on nodes of its own, in a home beside yours. The machines are gone at the end, also after Ctrl-C. Ends with 7 when the second run changed something.';
  static override readonly args = { name: Args.string({ description: 'Name of the cookbook.', required: true }) };
  static override readonly flags = {
    role: Flags.string({ description: 'Only this role; without it, every role of the cookbook.', helpValue: 'NAME' }),
    keep: Flags.boolean({ description: 'Leave the machines for a look.', default: false }),
    set: Flags.string({
      description: 'PATH=VALUE: change a field of the spec that is made, e.g. configuration.redis.port=7000.',
      helpValue: 'PATH=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    rehearse: Flags.boolean({
      description: 'Fill what the mirror lacks with stand-in packages.',
      env: 'BDE_REHEARSE',
      default: false,
    }),
    ...dataFlags,
  };
  static override readonly examples = [
    '<%= config.bin %> cookbook test base',
    '<%= config.bin %> cookbook test redis --role redis --cookbooks ./cookbooks --keep',
  ];

  async run(): Promise<CookbookTest> {
    const { args, flags } = await this.parse(CookbookTestCommand);
    const { testCookbook } = await import('../../services/cookbooks/test-cookbook.js');
    const { renderCookbookTest } = await import('../../render-cookbook-test.js');
    const order = {
      name: args.name,
      role: flags.role,
      overrides: flags.set ?? [],
      rehearsal: flags.rehearse,
      keep: flags.keep,
      data: dataRequestOf(flags),
    };
    const surroundings = { projectRoot: this.projectRoot, say: (text: string) => this.say(text) };
    const test = await testCookbook(order, surroundings);
    this.print(renderCookbookTest(test));
    if (!test.idempotent) process.exitCode = 7;
    return test;
  }
}
