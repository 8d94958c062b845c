import { Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { clusterArg, groupFlag, nodeFlag, roleFlag, selectionOf } from '../../cluster-flags.js';
import type { DriftTimer } from '../../services/drift-timer.js';
import type { Drift } from '../../services/find-drift.js';

export default class ClusterDrift extends BdeCommand {
  static override readonly summary = 'Look for what differs on the nodes from what was applied to them.';
  static override readonly description =
    'Changes nothing. Ends with 10 when something differs. With a timer of systemd it is done each hour.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    ...roleFlag,
    ...groupFlag,
    ...nodeFlag,
    diff: Flags.boolean({ description: 'Show how files differ, secrets masked.', default: false }),
    'print-timer': Flags.boolean({ description: 'Print units of systemd that look each hour.', default: false }),
    'write-timer': Flags.string({
      description: 'Write these units to a folder, such as /etc/systemd/system.',
      helpValue: 'DIR',
    }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster drift bare-basic --diff',
    '<%= config.bin %> cluster drift bare-basic --write-timer /etc/systemd/system',
  ];

  async run(): Promise<Drift | DriftTimer> {
    const { args, flags } = await this.parse(ClusterDrift);
    const { diff } = flags;
    if (flags['print-timer'] || flags['write-timer'] !== undefined) return this.#timer(args.name, flags['write-timer']);
    const { findDrift } = await import('../../services/find-drift.js');
    const { renderDrift } = await import('../../render-drift.js');
    const drift = await findDrift(args.name, selectionOf(flags), {
      projectRoot: this.projectRoot,
      say: (text: string) => this.say(text),
    });
    this.print(renderDrift(drift, diff));
    if (drift.drifted) process.exitCode = 10;
    return drift;
  }

  async #timer(name: string, folder: string | undefined): Promise<DriftTimer> {
    const { driftTimer } = await import('../../services/drift-timer.js');
    const { renderDriftTimer } = await import('../../render-drift.js');
    const timer = await driftTimer(name, folder, this.projectRoot);
    this.print(renderDriftTimer(timer));
    return timer;
  }
}
