import { Flags } from '@oclif/core';
import { BdeCommand } from '../../base-command.js';
import type { ServedMirror } from '../../services/serve-mirror.js';

/** What the mirror's detached helper is started with; not for people. */
const helperFlag = (description: string) =>
  Flags.string({ description, hidden: true, dependsOn: ['folder', 'bind', 'version-name', 'home-key'] });

export default class RepoServe extends BdeCommand {
  static override readonly summary = 'Serve packages to the nodes of this home, until Ctrl-C or in the background.';
  static override readonly description = 'Operations that need it start it by themselves, in the background.';
  static override readonly flags = {
    detach: Flags.boolean({ description: 'Start it in the background, or find it running there.', default: false }),
    folder: helperFlag('Folder of the mirror.'),
    bind: helperFlag('Address to listen on.'),
    'version-name': helperFlag('Version of bde.'),
    'home-key': helperFlag('Key of the home.'),
  };
  static override readonly examples = ['<%= config.bin %> repo serve', '<%= config.bin %> repo serve --detach'];

  async run(): Promise<ServedMirror | undefined> {
    const { flags } = await this.parse(RepoServe);
    if (flags.folder !== undefined) return this.#serveAsHelper(flags.folder, flags);
    const { serveInBackground, serveUntilStopped } = await import('../../services/serve-mirror.js');
    const served = await serveInBackground(this.projectRoot);
    this.print([`Serving packages at ${served.mirror.url} (pid ${String(served.mirror.pid)}).`]);
    if (!flags.detach) await serveUntilStopped(this.projectRoot);
    return served;
  }

  /** The helper is told everything by its flags: it gets no environment of ours. */
  async #serveAsHelper(folder: string, flags: HelperFlags): Promise<undefined> {
    const { serveMirror } = await import('../../wire.js');
    const { bind = '', 'version-name': version = '', 'home-key': homeKey = '' } = flags;
    await serveMirror({ folder, bindAddress: bind, version, homeKey });
    return undefined;
  }
}

interface HelperFlags {
  readonly bind: string | undefined;
  readonly 'version-name': string | undefined;
  readonly 'home-key': string | undefined;
}
