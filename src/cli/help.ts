import { Help } from '@oclif/core';
import { unknownCommand } from './unknown-command.js';

/** From nothing to a cluster and back. */
const FIRST_STEPS: readonly (readonly [command: string, what: string])[] = [
  ['bde doctor', 'What this host lacks, if anything.'],
  ['bde spec list', 'What can be made.'],
  ['bde cluster create --spec bare/basic', 'Make it.'],
  ['bde cluster show bare-basic', 'See where it answers.'],
  ['bde cluster delete bare-basic', 'Take it away again.'],
];

/** oclif's help with first steps, which says of an unknown command what was probably meant. */
export class BdeHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    const words = argv
      .slice(0, argv.findIndex((word) => word.startsWith('-')) >>> 0)
      .flatMap((word) => word.split(':'));
    if (words.length > 0 && !this.#isKnown(words)) throw unknownCommand(words, this.config.commandIDs);
    return super.showHelp(argv);
  }

  override formatRoot(): string {
    const steps = this.renderList(
      FIRST_STEPS.map(([command, what]) => [command, what]),
      { indentation: 2, spacer: '\n' },
    );
    return `${super.formatRoot()}\n\n${this.section('FIRST STEPS', steps)}`;
  }

  /** A topic, a command, or a command with its arguments. */
  #isKnown(words: readonly string[]): boolean {
    const [topic = ''] = words;
    const ids = this.config.commandIDs;
    if (words.length === 1) return ids.some((id) => id === topic || id.startsWith(`${topic}:`));
    return ids.includes(topic) || ids.includes(words.slice(0, 2).join(':'));
  }
}
