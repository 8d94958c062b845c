import { BdeError } from '../errors/bde-error.js';

/**
 * Asks on the terminal; returns when the answer is yes.
 *
 * @throws BdeError `NO_TTY` where nobody can answer, `REFUSED_BY_USER` when the answer is no
 */
export async function confirm(given: { readonly question: string; readonly yes: boolean }): Promise<void> {
  if (given.yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new BdeError('NO_TTY', `This needs an answer, and there is no terminal: ${given.question}`, {
      hint: 'Run it again with --yes.',
    });
  }
  const { default: ask } = await import('@inquirer/confirm');
  const answer = await ask({ message: given.question, default: false }, { output: process.stderr });
  if (!answer) {
    throw new BdeError('REFUSED_BY_USER', 'Nothing was done: the answer was no.', { hint: 'Run it again to do it.' });
  }
}
