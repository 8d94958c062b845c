import { BdeError } from '../../errors/bde-error.js';
import { indexLines, type Position } from './line-index.js';
import { parseJsonc } from './parse-jsonc.js';
import { parseYaml } from './parse-yaml.js';
import {
  findAtPath,
  findRefusedKeys,
  plainValue,
  type DocumentPath,
  type SourceNode,
  type SourceProblem,
  type SourceTree,
} from './source-tree.js';

/** Larger texts are refused unread. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** The same for YAML, whose parser takes seconds for a mebibyte. */
export const MAX_YAML_BYTES = 1024 * 1024;

const MAX_SYNTAX_ERRORS = 20;

/** A JSON, JSONC or YAML text, read, with the way back from a value to its place. */
export interface ParsedDocument {
  /** For messages, as the user named it. */
  readonly file: string;
  /** False: `value` is undefined, and `errors` says why. */
  readonly wellFormed: boolean;
  /** Plain JSON data. */
  readonly value: unknown;
  /** Everything that is wrong with the text itself, duplicate keys included, in the order of the text. */
  readonly errors: readonly BdeError[];
  /** Values that `--set` put in place of the file's, in the order of the command line. */
  readonly overridden?: readonly { readonly path: DocumentPath; readonly written: string }[];
  /** Where a field's name or value stands; a path that is not there gives the nearest enclosing value's place. */
  locate(path: DocumentPath, part: 'key' | 'value'): Position;
  /** A scalar as it is written, quotes included (`0644`, `"1.10"`); undefined for objects, lists and absent paths. */
  sourceOf(path: DocumentPath): string | undefined;
}

/**
 * Reads a text by its file's extension: `.yaml` and `.yml` as YAML, anything else as JSON with comments.
 * Never throws for what the text holds.
 */
export function parseDocument(text: string, file: string): ParsedDocument {
  const bytes = Buffer.byteLength(text);
  const isYaml = /\.ya?ml$/i.test(file);
  const maxBytes = isYaml ? MAX_YAML_BYTES : MAX_DOCUMENT_BYTES;
  if (bytes > maxBytes) return refuse(file, tooLarge(file, bytes, maxBytes));
  const source = text.replace(/^\uFEFF/, '');
  const positionOf = indexLines(source);
  const tree = isYaml ? parseYaml(source) : parseJsonc(source);
  const root = tree.problems.length === 0 ? tree.root : undefined;
  const errors = problemsOf(tree, positionOf).map((problem) => syntaxError(problem, file, positionOf(problem.offset)));
  if (root === undefined) return { ...refuse(file, ...errors), locate: () => positionOf(0) };
  return { file, wellFormed: true, value: plainValue(root), errors, ...lookUps(root, source, positionOf) };
}

function lookUps(root: SourceNode, source: string, positionOf: (offset: number) => Position) {
  return {
    locate(path: DocumentPath, part: 'key' | 'value') {
      const { node, keyOffset, complete } = findAtPath(root, path);
      return positionOf(part === 'key' && complete ? keyOffset : node.offset);
    },
    sourceOf(path: DocumentPath) {
      const { node, complete } = findAtPath(root, path);
      return complete && node.kind === 'scalar' ? source.slice(node.offset, node.end) : undefined;
    },
  };
}

function problemsOf(tree: SourceTree, positionOf: (offset: number) => Position): readonly SourceProblem[] {
  if (tree.problems.length > 0) return boundProblems(tree.problems);
  if (tree.root === undefined) return [{ offset: 0, text: 'the file is empty' }];
  return findRefusedKeys(tree.root).map(({ entry, first }) => {
    if (first === undefined) return { offset: entry.keyOffset, text: `${JSON.stringify(entry.key)} cannot be a key` };
    const { line, column } = positionOf(first.keyOffset);
    return { offset: entry.keyOffset, text: `${JSON.stringify(entry.key)} is there twice, first at ${line}:${column}` };
  });
}

/** One problem for each place (a parser that recovers repeats itself), and not a million of them. */
function boundProblems(problems: readonly SourceProblem[]): readonly SourceProblem[] {
  const places = new Map(problems.toReversed().map((problem) => [problem.offset, problem]));
  return [...places.values()].sort((a, b) => a.offset - b.offset).slice(0, MAX_SYNTAX_ERRORS);
}

function syntaxError(problem: SourceProblem, file: string, { line, column }: Position): BdeError {
  return new BdeError('SYNTAX_INVALID', `${file}:${line}:${column}: ${problem.text}`, {
    subject: { file, line, column },
    hint: problem.hint,
  });
}

function tooLarge(file: string, bytes: number, maxBytes: number): BdeError {
  const mebibytes = (size: number) => (size / 1024 / 1024).toFixed(1);
  const message = `${file} is ${mebibytes(bytes)} MiB; at most ${mebibytes(maxBytes)} MiB are read`;
  return new BdeError('SYNTAX_INVALID', message, { subject: { file } });
}

function refuse(file: string, ...errors: readonly BdeError[]): ParsedDocument {
  return {
    file,
    wellFormed: false,
    value: undefined,
    errors,
    locate: () => ({ line: 1, column: 1 }),
    sourceOf: () => undefined,
  };
}
