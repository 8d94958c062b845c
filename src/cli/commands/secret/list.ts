import { BdeCommand } from '../../base-command.js';
import { clusterArg } from '../../secret-args.js';

export default class SecretList extends BdeCommand {
  static override readonly summary = 'List the secrets of a cluster: where each comes from, and who needs it.';
  static override readonly description = 'It shows names, and never a value.';
  static override readonly args = clusterArg;
  static override readonly examples = ['<%= config.bin %> secret list lab', '<%= config.bin %> secret list lab --json'];

  async run(): Promise<unknown> {
    const { args } = await this.parse(SecretList);
    const { listSecrets } = await import('../../services/list-secrets.js');
    const { renderSecrets } = await import('../../render-secrets.js');
    const { projectRoot } = this;
    const secrets = await listSecrets(args.cluster, { projectRoot, say: (text: string) => this.say(text) });
    this.print(renderSecrets(secrets));
    return secrets;
  }
}
