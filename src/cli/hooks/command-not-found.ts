import { loadHelpClass, type Interfaces } from '@oclif/core';
import { unknownCommand } from '../unknown-command.js';

/** oclif calls this for words that are no command; `bde help WORDS` is the help of WORDS. */
export async function commandNotFound({ id, argv = [], config }: HookGiven): Promise<void> {
  const words = id.split(':');
  if (words[0] !== 'help') throw unknownCommand(words, config.commandIDs);
  const Help = await loadHelpClass(config);
  await new Help(config).showHelp([...words.slice(1), ...argv]);
}

interface HookGiven {
  /** Words joined by colons. */
  readonly id: string;
  readonly argv?: readonly string[];
  readonly config: Interfaces.Config;
}
