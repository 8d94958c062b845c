import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { quoteSource } from './quote-source.js';
import type { SourceNode, SourceProblem, SourceTree } from './source-tree.js';

/** Parsers recurse, so depth is bounded before they run. */
export const MAX_DEPTH = 100;

const WORDS: Readonly<Record<string, string>> = {
  InvalidNumberFormat: 'this is not a number',
  PropertyNameExpected: 'a field name in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: '":" is missing',
  CommaExpected: '"," is missing',
  CloseBraceExpected: '"}" is missing',
  CloseBracketExpected: '"]" is missing',
  EndOfFileExpected: 'the file should end',
  UnexpectedEndOfComment: 'a comment does not end',
  UnexpectedEndOfString: 'a string does not end',
  UnexpectedEndOfNumber: 'a number does not end',
  InvalidUnicode: 'this is not a \\u escape',
  InvalidEscapeCharacter: 'this escape does not exist in JSON',
  InvalidCharacter: 'a control character stands in a string',
};

/** The tree of a JSON text with `//` and block comments; no trailing commas. */
export function parseJsonc(text: string): SourceTree {
  const tooDeep = findTooDeep(text);
  if (tooDeep !== undefined) {
    return { root: undefined, problems: [{ offset: tooDeep, text: `nested deeper than ${MAX_DEPTH} levels` }] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors);
  const problems = errors.filter((error, index) => !isEcho(error, errors[index - 1], text));
  return { root: root && fromJsonc(root), problems: problems.map((error) => describe(error, text)) };
}

/** Offset of the first bracket that goes beyond the depth limit; the scanner itself does not recurse. */
function findTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const token = text.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth > MAX_DEPTH) return scanner.getTokenOffset();
  }
  return undefined;
}

/** The parser skips a word that is no JSON and then misses the value that it would have been. */
function isEcho(error: ParseError, before: ParseError | undefined, text: string): boolean {
  if (before === undefined || printParseErrorCode(before.error) !== 'InvalidSymbol') return false;
  return text.slice(before.offset + before.length, error.offset).trim() === '';
}

function describe(error: ParseError, text: string): SourceProblem {
  const words = WORDS[printParseErrorCode(error.error)] ?? describeSymbol(text.charAt(error.offset));
  return { offset: error.offset, text: `${words}, found ${quoteSource(text, error.offset)}` };
}

function describeSymbol(first: string): string {
  if (first === "'") return 'a string needs double quotes';
  return /[\w-]/.test(first) ? 'a word needs double quotes' : 'this is not JSON';
}

function fromJsonc(node: Node): SourceNode {
  const range = { offset: node.offset, end: node.offset + node.length };
  const children = node.children ?? [];
  if (node.type === 'object') return { ...range, kind: 'object', entries: children.flatMap(entryOf) };
  if (node.type === 'array') return { ...range, kind: 'array', items: children.map(fromJsonc) };
  return { ...range, kind: 'scalar', value: node.value as null | boolean | number | string };
}

/** A property whose value is missing has one child only; the parser has reported it. */
function entryOf(property: Node) {
  const [key, value] = property.children ?? [];
  if (key === undefined || value === undefined) return [];
  return [{ key: String(key.value), keyOffset: key.offset, value: fromJsonc(value) }];
}
