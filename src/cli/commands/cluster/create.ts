import { Args, Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import { dataFlags, dataRequestOf } from '../../data-flags.js';

export default class ClusterCreate extends BdeCommand {
  static override readonly summary = 'Create a cluster from a spec and bring it to RUNNING.';
  static override readonly args = {
    name: Args.string({ description: 'Name of the cluster; without it, the name of its spec (bare-basic).' }),
  };
  static override readonly flags = {
    spec: Flags.string({
      description: 'VENDOR/FLAVOUR of the spec map, or a spec file (.json, .yaml).',
      helpValue: 'SPEC',
      env: 'BDE_SPEC',
      required: true,
    }),
    distro: Flags.string({
      description: 'NAME or NAME@VERSION of the manifest.',
      helpValue: 'NAME',
      env: 'BDE_DISTRO',
    }),
    provider: Flags.string({
      description: 'Where the machines come from; without it what the site file says, else local.',
      helpValue: 'NAME',
      env: 'BDE_PROVIDER',
    }),
    ...dataFlags,
    set: Flags.string({
      description: 'PATH=VALUE: change a field of the spec, e.g. nodeGroups.agent.instanceNum=5.',
      helpValue: 'PATH=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    plan: Flags.boolean({ description: 'Show what would be done, and do nothing.' }),
    'detailed-exitcode': Flags.boolean({
      description: 'With --plan: exit with 10 when there is something to do.',
      dependsOn: ['plan'],
    }),
    rehearse: Flags.boolean({
      description: 'Fill what the mirror lacks with stand-in packages. Such a cluster stays a rehearsal.',
      env: 'BDE_REHEARSE',
      default: false,
    }),
    yes: Flags.boolean({ char: 'y', description: 'Answer every question with yes.', env: 'BDE_YES', default: false }),
  };
  static override readonly examples = [
    '<%= config.bin %> cluster create --spec bare/basic',
    '<%= config.bin %> cluster create lab --spec bare/basic --set nodeGroups.node.instanceNum=5',
    '<%= config.bin %> cluster create zk5 --spec my.json --set nodeGroups.zk.instanceNum=5',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterCreate);
    const order = {
      name: args.name,
      spec: flags.spec,
      distro: flags.distro,
      provider: flags.provider,
      ...dataRequestOf(flags),
      overrides: flags.set ?? [],
      rehearsal: flags.rehearse,
    };
    const surroundings = { projectRoot: this.projectRoot, say: (text: string) => this.say(text) };
    if (flags.plan) {
      const { previewCreate } = await import('../../services/preview-create.js');
      const preview = await previewCreate(order, surroundings);
      this.print(preview.lines);
      if (flags['detailed-exitcode']) process.exitCode = 10;
      return preview.json;
    }
    const { create } = await import('../../services/create-cluster.js');
    const report = await create(order, surroundings);
    this.print(report.lines);
    return report.json;
  }
}
