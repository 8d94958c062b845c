import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg, rollbackFlag, specFlags } from '../../cluster-flags.js';
import { dataRequestOf } from '../../data-flags.js';

export default class ClusterConfig extends ChangeCommand {
  static override readonly summary = 'Change settings: services whose files change restart, some at a time.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    spec: Flags.string({
      description: 'Spec with the new settings; without it the one that the cluster has.',
      helpValue: 'SPEC',
      env: 'BDE_SPEC',
    }),
    ...specFlags,
    ...changeFlags,
    ...rollbackFlag,
  };
  static override readonly examples = [
    '<%= config.bin %> cluster config lab --set configuration.web.port=8080',
    '<%= config.bin %> cluster config lab --spec lab.json --plan',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterConfig);
    const { configRequest } = await import('../../services/change-requests.js');
    const data = dataRequestOf(flags);
    const order = { spec: flags.spec, data, overrides: flags.set ?? [], projectRoot: this.projectRoot };
    return this.change(args.name, configRequest(order), { ...flags, data });
  }
}
