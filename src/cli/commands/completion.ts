import { Args } from '@oclif/core';
import { BdeCommand } from '../base-command.js';

export default class Completion extends BdeCommand {
  static override readonly summary = 'Print the completion script of a shell.';
  static override readonly description =
    'Load it from the start-up file of the shell, or keep it where the shell looks for such files.';
  static override readonly args = {
    shell: Args.string({ description: 'Which shell.', options: ['bash', 'zsh', 'fish'], required: true }),
  };
  static override readonly examples = [
    '<%= config.bin %> completion bash > /etc/bash_completion.d/bde',
    '<%= config.bin %> completion zsh > "${fpath[1]}/_bde"',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/bde.fish',
  ];

  async run(): Promise<{ readonly formatVersion: 1; readonly shell: string; readonly script: string }> {
    const { args } = await this.parse(Completion);
    const { readCompletion } = await import('../services/read-completion.js');
    const script = await readCompletion(this.config.root, args.shell);
    this.print([script.trimEnd()]);
    return { formatVersion: 1, shell: args.shell, script };
  }
}
