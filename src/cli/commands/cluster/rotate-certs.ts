import { Flags } from '@oclif/core';
import { ChangeCommand } from '../../change-command.js';
import { changeFlags, clusterArg } from '../../cluster-flags.js';

export default class ClusterRotateCerts extends ChangeCommand {
  static override readonly summary = 'Give every node a new certificate, some nodes at a time.';
  static override readonly description =
    'With --ca the authority that signs them is exchanged too: all nodes trust both, get certificates of the new one, ' +
    'and then forget the old one. Clients outside of the cluster need the new authority meanwhile: bde cluster trust.';
  static override readonly args = clusterArg;
  static override readonly flags = {
    ca: Flags.boolean({ description: 'Exchange the authority of the cluster, too.' }),
    'trust-only': Flags.boolean({
      description: 'With --ca: end when all nodes trust both authorities; run it again without this to go on.',
      dependsOn: ['ca'],
    }),
    ...changeFlags,
  };
  static override readonly usage = 'cluster rotate-certs NAME [--ca [--trust-only]] [--plan] [--json] [--debug]';
  static override readonly examples = [
    '<%= config.bin %> cluster rotate-certs lab --plan',
    '<%= config.bin %> cluster rotate-certs lab',
    '<%= config.bin %> cluster rotate-certs lab --ca',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClusterRotateCerts);
    const { rotateRequest } = await import('../../services/change-requests.js');
    const what = flags['trust-only'] ? 'trust' : flags.ca ? 'authority' : 'nodes';
    return this.change(args.name, rotateRequest(what), flags);
  }
}
