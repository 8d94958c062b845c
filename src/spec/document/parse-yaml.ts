import { isAlias, isMap, isScalar, isSeq, parseDocument, type Pair, type YAMLError } from 'yaml';
import { findTooDeepYaml } from './yaml-depth.js';
import { MAX_DEPTH } from './parse-jsonc.js';
import type { SourceEntry, SourceNode, SourceProblem, SourceTree } from './source-tree.js';

/**
 * The tree of a YAML 1.2 text (core schema, one document).
 *
 * Refused, each with its place: anchors and aliases, tags, keys that are no plain scalars, `.nan` and `.inf`.
 */
export function parseYaml(text: string): SourceTree {
  const deep = findTooDeepYaml(text);
  return deep === undefined ? readTree(text) : { root: undefined, problems: [tooDeep(deep)] };
}

function readTree(text: string): SourceTree {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, stringKeys: false });
  const problems: SourceProblem[] = [...document.errors, ...document.warnings].map(describe);
  if (document.errors.length > 0) return { root: undefined, problems };
  const root = document.contents === null ? undefined : build(document.contents, { text, problems, depth: 0 });
  return { root, problems };
}

function describe(error: YAMLError): SourceProblem {
  // The parser's own text names its API.
  if (error.code === 'MULTIPLE_DOCS')
    return { offset: error.pos[0], text: 'a second document begins; a file holds one' };
  return { offset: error.pos[0], text: error.message.replace(/\s+/g, ' ') };
}

interface Context {
  readonly text: string;
  /** Grows while the tree is built. */
  readonly problems: SourceProblem[];
  readonly depth: number;
}

function build(node: unknown, context: Context, fallback = 0): SourceNode {
  const range = rangeOf(node, fallback);
  const inner = { ...context, depth: context.depth + 1 };
  if (context.depth > MAX_DEPTH) return refused(context, tooDeep(range.offset));
  if (isAlias(node))
    return refused(context, { offset: range.offset, text: 'aliases are not read', hint: 'Write the value out.' });
  if (isMap(node))
    return { ...range, kind: 'object', entries: node.items.map((pair) => entryOf(pair, inner, range.offset)) };
  if (isSeq(node))
    return { ...range, kind: 'array', items: node.items.map((item) => build(item, inner, range.offset)) };
  return { ...range, kind: 'scalar', value: scalarOf(node, range.offset, context) };
}

function entryOf(pair: Pair, context: Context, fallback: number): SourceEntry {
  const { offset, end } = rangeOf(pair.key, fallback);
  if (!isScalar(pair.key)) context.problems.push({ offset, text: 'a key has to be a plain word or a string' });
  const key =
    isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : context.text.slice(offset, end);
  return { key, keyOffset: offset, value: build(pair.value, context, end) };
}

function scalarOf(node: unknown, offset: number, context: Context): null | boolean | number | string {
  const value = isScalar(node) ? node.value : node;
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  context.problems.push({
    offset,
    text: 'this value has no counterpart in JSON',
    hint: 'Put it in quotes to make it a string.',
  });
  return null;
}

function rangeOf(node: unknown, fallback: number): { readonly offset: number; readonly end: number } {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
  return range ? { offset: range[0], end: range[1] } : { offset: fallback, end: fallback };
}

function refused(context: Context, problem: SourceProblem): SourceNode {
  context.problems.push(problem);
  return { offset: problem.offset, end: problem.offset, kind: 'scalar', value: null };
}

function tooDeep(offset: number): SourceProblem {
  return { offset, text: `nested deeper than ${MAX_DEPTH} levels` };
}
