import { Args } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { dataFlags, dataRequestOf } from '../../data-flags.js';
import type { LintReport } from '../../services/cookbooks/lint-cookbooks.js';

export default class CookbookLint extends BdeCommand {
  static override readonly summary = 'Check cookbooks: formats, names in templates, notifications, ports, shell.';
  static override readonly description =
    'Tells every finding with its place. Ends with 3 when one is an error, with 0 when all are warnings. Without a name it looks at all cookbooks.';
  static override readonly strict = false;
  static override readonly args = {
    cookbook: Args.string({ description: 'Names of cookbooks, or paths of their folders.' }),
  };
  static override readonly flags = dataFlags;
  static override readonly examples = [
    '<%= config.bin %> cookbook lint',
    '<%= config.bin %> cookbook lint ./cookbooks/redis',
    '<%= config.bin %> cookbook lint base --json',
  ];

  async run(): Promise<LintReport> {
    const { argv, flags } = await this.parse(CookbookLint);
    const { lintCookbooks } = await import('../../services/cookbooks/lint-cookbooks.js');
    const { renderLintReport } = await import('../../render-lint-report.js');
    const report = await lintCookbooks(argv.map(String), dataRequestOf(flags), this.projectRoot);
    this.print(renderLintReport(report));
    if (!report.holds) process.exitCode = 3;
    return report;
  }
}
