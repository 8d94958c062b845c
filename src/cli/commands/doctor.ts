import { Flags } from '@oclif/core';
import { BdeCommand } from '../base-command.js';
import type { DoctorReport } from '../services/doctor/examine.js';
import type { Mending } from '../services/doctor/mend.js';

export default class Doctor extends BdeCommand {
  static override readonly summary = 'Look at this host and home for what is missing, broken or left over.';
  static override readonly description = 'Looking changes nothing. Ends with 4 when a problem is found, and left.';
  static override readonly flags = {
    fix: Flags.boolean({
      description: 'Remove orphans, and mark dead operations as interrupted. Asks first.',
    }),
    'destroy-unknown': Flags.boolean({
      description: 'With --fix: also destroy machines of clusters that this home does not know.',
      dependsOn: ['fix'],
    }),
    yes: Flags.boolean({ char: 'y', description: 'Do not ask.', env: 'BDE_YES', default: false }),
  };
  static override readonly examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --fix --yes'];

  async run(): Promise<DoctorReport> {
    const { flags } = await this.parse(Doctor);
    const { examine } = await import('../services/doctor/examine.js');
    const examination = await examine({ destroyUnknown: flags['destroy-unknown'] });
    return flags.fix && examination.question !== null
      ? this.#tell(await this.#mend(examination.mending, examination.question, flags.yes))
      : this.#tell(examination.report);
  }

  async #mend(mending: Mending, question: string, yes: boolean): Promise<DoctorReport> {
    const { confirm } = await import('../confirm.js');
    await confirm({ question, yes });
    const { mendFindings } = await import('../services/doctor/examine.js');
    return mendFindings(mending);
  }

  async #tell(report: DoctorReport): Promise<DoctorReport> {
    const { renderDoctorReport } = await import('../render-doctor-report.js');
    this.print(renderDoctorReport(report));
    if (!report.healthy) process.exitCode = 4;
    return report;
  }
}
