import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg, forceFlag, rollbackFlag } from '../../cluster-flags.js';

export default class ClusterResize extends ChangeCommand {
  static override readonly summary = 'Change the number of nodes of a group, or the size of their machines.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    group: Flags.string({ description: 'The group.', helpValue: 'NAME', required: true }),
    count: Flags.integer({ description: 'How many nodes it is to have.', helpValue: 'N', min: 0 }),
    cpu: Flags.integer({ description: 'Cores of each machine.', helpValue: 'N', min: 1 }),
    memory: Flags.integer({ description: 'Memory of each machine, in MiB.', helpValue: 'MB', min: 64 }),
    ...changeFlags,
    ...rollbackFlag,
    ...forceFlag,
  };
  static override readonly examples = [
    '<%= config.bin %> cluster resize lab --group master --count 5',
    '<%= config.bin %> cluster resize lab --group agent --cpu 4 --memory 8192 --plan',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterResize);
    const { resizeRequest } = await import('../../services/change-requests.js');
    const { group, count, cpu: cpuCount, memory: memoryMiB, force: isForced } = flags;
    return this.change(args.name, resizeRequest({ group, count, cpuCount, memoryMiB, isForced }), flags);
  }
}
