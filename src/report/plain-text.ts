/** How many columns a text takes on a terminal; `String.length` where it is plain ASCII, `string-width` elsewhere. */
export type TextWidth = (text: string) => number;

/**
 * Escape sequences of ECMA-48: CSI with its parameters, OSC to its end, and the short ones. Node's own
 * `stripVTControlCharacters` also eats the words that stand between a CSI and the next bell.
 */
const ESCAPES =
  // eslint-disable-next-line no-control-regex -- they are what this is about
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/g;

/** Control characters, line separators, and those that turn the direction of writing. */
// eslint-disable-next-line no-control-regex -- they are what this is about
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Counts code units: right for names, times and numbers. */
export function plainWidth(text: string): number {
  return text.length;
}

/**
 * One line that can do nothing to a terminal: escape sequences are gone, each run of control characters and line breaks
 * is one space.
 * Text from nodes, specs and packages goes through here before it is shown.
 */
export function toOneLine(text: string): string {
  return text.replace(ESCAPES, '').replace(CONTROLS, ' ').trim();
}

/** The same for text of several lines: line breaks and indents stay. */
export function toPlainLines(text: string): readonly string[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => toPlainLine(line));
}

/** The text, or as much of it as fits into `columns` with `…` at the end. */
export function clip(text: string, columns: number, widthOf: TextWidth = plainWidth): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  const characters = Array.from(text);
  let width = 0;
  let count = 0;
  for (const character of characters) {
    width += widthOf(character);
    if (width > columns - 1) break;
    count += 1;
  }
  return `${characters.slice(0, count).join('').trimEnd()}…`;
}

function toPlainLine(line: string): string {
  const indent = /^[ \t]*/.exec(line)?.[0].replaceAll('\t', '  ') ?? '';
  return indent + toOneLine(line);
}
