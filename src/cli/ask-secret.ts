import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { BdeError } from '../errors/bde-error.js';
import { Secret } from '../errors/secret.js';
import { Interrupted } from './interrupt.js';

/**
 * Asks for a secret on the terminal, twice, and shows nothing of what is typed.
 *
 * @throws BdeError `USAGE` where the answers differ, or none is given
 */
export async function askSecret(question: string): Promise<Secret> {
  const answers = await askHidden([`${question}: `, `${question}, again: `]);
  const [first = '', second] = answers;
  if (first === '') throw new BdeError('USAGE', 'No value was given; nothing was set.', { hint: 'Run it again.' });
  if (first === second) return new Secret(first);
  throw new BdeError('USAGE', 'The two answers differ; nothing was set.', { hint: 'Run it again.' });
}

/** The terminal is in raw mode meanwhile: what is typed is echoed by readline alone, and that into nothing. */
async function askHidden(questions: readonly string[]): Promise<readonly string[]> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const interrupted = new Promise<never>((_resolve, reject) => {
    terminal.once('SIGINT', () => reject(new Interrupted('SIGINT')));
  });
  const lines = terminal[Symbol.asyncIterator]();
  const answers: string[] = [];
  try {
    for (const question of questions) {
      process.stderr.write(question);
      const line = await Promise.race([lines.next(), interrupted]);
      process.stderr.write('\n');
      if (line.done === true) break;
      answers.push(line.value);
    }
    return answers;
  } finally {
    terminal.close();
  }
}
