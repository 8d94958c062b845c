const EXCERPT_LENGTH = 24;

/** What stands in a text at an offset, quoted and bounded: a word, a sign, or `the end of the file`. */
export function quoteSource(text: string, offset: number): string {
  if (offset >= text.length) return 'the end of the file';
  const [word] = /^[\w.+-]+|^"[^"\n]*"?|^[\s\S]/u.exec(text.slice(offset, offset + 200)) ?? [''];
  return quoteText(word);
}

/** A string in quotes on one line, cut where it is long; control characters are escaped. */
export function quoteText(value: string): string {
  const cut = value.length > EXCERPT_LENGTH * 2 ? `${value.slice(0, EXCERPT_LENGTH * 2 - 1)}…` : value;
  return JSON.stringify(cut).replace(/^"\\"(.*)\\""$/, '"$1"');
}
