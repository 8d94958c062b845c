/** What a helper says when its arguments do not fit; the place is added by who calls it. */
export class HelperProblem extends Error {}

/** Characters that a helper, an `#each` or a whole template may print: more than any file that a node reads as text. */
export const MAX_TEXT_LENGTH = 8 * 1024 * 1024;

/** Characters that all helpers and values of one rendering may make on the way, printed or not. */
const MAX_MADE_LENGTH = 4 * MAX_TEXT_LENGTH;

/** Turns of all `#each` of one rendering. */
const MAX_TURNS = 5_000_000;

/** @throws HelperProblem for a text that is longer than may be printed, which need not be there yet */
export function refuseLong(length: number): void {
  if (length > MAX_TEXT_LENGTH) throw new HelperProblem(`makes more than ${inMiB(MAX_TEXT_LENGTH)} of text`);
}

/**
 * What one rendering has made so far. Values may come from nodes, which are not trusted: a few of them, repeated often
 * enough by helpers or `#each`, would fill the controller's memory.
 */
export class RenderBudget {
  #madeLength = 0;
  #turns = 0;

  /** @throws HelperProblem where this text is one too many */
  spend(text: string): string {
    refuseLong(text.length);
    this.#madeLength += text.length;
    if (this.#madeLength <= MAX_MADE_LENGTH) return text;
    throw new HelperProblem(`makes, with what was made before it, more than ${inMiB(MAX_MADE_LENGTH)} of text`);
  }

  /** @throws HelperProblem where `#each` repeats more often than any template has reason to */
  turn(): void {
    this.#turns += 1;
    if (this.#turns > MAX_TURNS) throw new HelperProblem(`repeats more than ${String(MAX_TURNS)} times`);
  }
}

function inMiB(length: number): string {
  return `${String(length / 1024 / 1024)} MiB`;
}
