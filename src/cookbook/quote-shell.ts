/**
 * A string as one word of POSIX sh: a single-quoted literal. The only way by which a value gets into a script.
 *
 * A NUL cannot be in any shell word, so it is a bug to pass one: contents that may hold it travel as base64.
 */
export function quoteShell(value: string): string {
  if (value.includes('\0')) throw new TypeError('a shell word cannot hold a NUL');
  return `'${escapeSingleQuotes(value)}'`;
}

/** A text as it stands inside a single-quoted literal. */
export function escapeSingleQuotes(value: string): string {
  return value.replaceAll("'", "'\\''");
}
