import { Args, Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, forceFlag, rollbackFlag, specFlags } from '../../cluster-flags.js';
import { dataRequestOf } from '../../data-flags.js';

export default class ClusterApply extends ChangeCommand {
  static override readonly summary = 'Bring a cluster to what a spec says, or run a saved plan.';
  static override readonly args = {
    name: Args.string({ description: 'Name of the cluster; or a file that --plan --out saved.', required: true }),
  };
  static override readonly flags = {
    spec: Flags.string({
      description: 'VENDOR/FLAVOUR of the spec map, or a spec file (.json, .yaml).',
      helpValue: 'SPEC',
      env: 'BDE_SPEC',
    }),
    ...specFlags,
    refresh: Flags.option({
      description: 'How far to look: at the store alone, at machines, at every node too.',
      options: ['none', 'inventory', 'nodes'] as const,
      default: 'inventory' as const,
    })(),
    ...changeFlags,
    ...rollbackFlag,
    out: Flags.string({ description: 'With --plan: save it here.', helpValue: 'FILE', dependsOn: ['plan'] }),
    ...forceFlag,
  };
  static override readonly examples = [
    '<%= config.bin %> cluster apply lab --spec lab.json --plan --out lab.plan.json',
    '<%= config.bin %> cluster apply lab.plan.json',
    '<%= config.bin %> cluster apply lab --spec lab.json --yes',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterApply);
    const { apply } = await import('../../services/apply-cluster.js');
    const result = await apply(
      args.name,
      { ...flags, overrides: flags.set ?? [], data: dataRequestOf(flags) },
      this.surroundings,
    );
    return this.report(result, flags);
  }
}
