/**
 * True where a list of patterns as ssh has them fits: at least one does, and none with `!` before it. `*` stands for any
 * characters, `?` for one.
 *
 *     *.example.org,!db.example.org
 */
export function matchesPatterns(patterns: readonly string[], text: string): boolean {
  const negative = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (negative.some((pattern) => matchesPattern(pattern, text))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, text));
}

/** The same for one pattern. */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    // Runs of stars mean the same as one, and would make the search explode.
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
