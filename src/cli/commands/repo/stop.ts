import { BdeCommand } from '../../base-command.js';
import type { StoppedMirror } from '../../services/repos.js';

export default class RepoStop extends BdeCommand {
  static override readonly summary = 'Stop the process that serves packages to the nodes of this home.';
  static override readonly description =
    'Nodes cannot install packages until the next operation that needs it starts it again.';
  static override readonly examples = ['<%= config.bin %> repo stop', '<%= config.bin %> repo stop --json'];

  async run(): Promise<StoppedMirror> {
    await this.parse(RepoStop);
    const { stopMirror } = await import('../../services/repos.js');
    const stopped = await stopMirror(this.projectRoot);
    this.print([
      stopped.stopped === null ? 'The mirror was not running.' : `Stopped the mirror ${stopped.stopped.url}.`,
    ]);
    return stopped;
  }
}
