const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\f': '\\f',
};

/**
 * A text as the value of a Java properties file: pure ASCII, so that it means the same as ISO 8859-1 (what Java reads by
 * default) and as UTF-8.
 *
 * Format: https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-
 */
export function escapeProperty(text: string): string {
  return text
    .replace(/[^\u0020-\u005b\u005d-\u007e]/g, (unit) => NAMED[unit] ?? unicodeEscape(unit))
    .replace(/^ /, '\\ ');
}

/** The same for a key, which ends at the first blank, `=` or `:`. */
export function escapePropertyKey(text: string): string {
  return escapeProperty(text)
    .replace(/(?<!^\\) /g, '\\ ')
    .replace(/[=:#!]/g, '\\$&');
}

/** Characters beyond the first 65536 are two of these, as in Java. */
function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
