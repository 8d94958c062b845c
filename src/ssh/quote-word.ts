/**
 * The word as one literal of a POSIX shell, in single quotes: nothing in it is expanded.
 *
 *     it's  →  'it'\''s'
 *
 * @throws TypeError for a NUL, which no argument can hold
 */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new TypeError('an argument cannot hold a NUL');
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The same for requests of `node-shell.sh`, which are one line: a newline becomes the shell's own variable for it. */
export function quoteInLine(word: string): string {
  return quoteWord(word).replaceAll('\n', `'"$bde_nl"'`);
}
