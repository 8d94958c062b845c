import Handlebars from 'handlebars';
import * as ast from '../render/ast.js';
import type { SourcePlace } from '../render/source-place.js';
import { placeIn, type WrittenText } from './written-texts.js';

/** A value that a template names from the root of what it sees: `attributes.tls.port`. */
export interface NamedPath {
  readonly steps: readonly string[];
  readonly place: SourcePlace;
}

/** What names mean at some point of a template: `#each` and `#with` put another value in the place of the root. */
interface Frame {
  readonly isRoot: boolean;
  /** Names of block parameters, which go before all others. */
  readonly own: readonly string[];
}

/**
 * Every value that a template names from the root, in the order of its text; what is named below `#each` and `#with` is
 * left out, for it belongs to an item. Nothing for a text that is malformed: its parser says so.
 */
export function namedPaths(written: WrittenText): readonly NamedPath[] {
  const program = written.text.includes('{{') ? parsed(written.text) : undefined;
  if (program === undefined) return [];
  return pathsOf(program, [{ isRoot: true, own: [] }]).map(({ steps, at: { line, column } }) => ({
    steps,
    place: placeIn(written, { line, column: column + 1 }),
  }));
}

function parsed(text: string): hbs.AST.Program | undefined {
  try {
    return Handlebars.parse(text);
  } catch {
    return undefined;
  }
}

interface FoundPath {
  readonly steps: readonly string[];
  readonly at: hbs.AST.Position;
}

type Frames = readonly Frame[];

function pathsOf(program: hbs.AST.Program, frames: Frames): readonly FoundPath[] {
  return program.body.flatMap((statement) => {
    if (ast.isBlock(statement)) return pathsOfBlock(statement, frames);
    if (ast.isPartial(statement)) return pathsOfArguments(statement, frames);
    if (!ast.isMustache(statement)) return [];
    const isCall = statement.params.length > 0 || ast.hashOf(statement).pairs.length > 0;
    return isCall ? pathsOfArguments(statement, frames) : pathsOfValue(statement.path, frames);
  });
}

function pathsOfBlock(block: hbs.AST.BlockStatement, frames: Frames): readonly FoundPath[] {
  const { blockParams } = block.program as { readonly blockParams?: readonly string[] };
  const entersItem = block.path.original === 'each' || block.path.original === 'with';
  const inside = entersItem ? [...frames, { isRoot: false, own: blockParams ?? [] }] : frames;
  return [
    ...pathsOfArguments(block, frames),
    ...pathsOf(block.program, inside),
    ...(ast.hasElse(block) ? pathsOf(block.inverse, frames) : []),
  ];
}

interface Call {
  readonly params: hbs.AST.Expression[];
  readonly hash: hbs.AST.Hash | undefined;
  readonly loc: hbs.AST.SourceLocation;
}

function pathsOfArguments(call: Call, frames: Frames): readonly FoundPath[] {
  const values = [...call.params, ...ast.hashOf(call).pairs.map(({ value }) => value)];
  return values.flatMap((value) => pathsOfValue(value, frames));
}

function pathsOfValue(value: hbs.AST.Expression, frames: Frames): readonly FoundPath[] {
  if (ast.isSubExpression(value)) return pathsOfArguments(value, frames);
  if (!ast.isPath(value)) return [];
  const steps = stepsFromRoot(value, frames);
  return steps === undefined ? [] : [{ steps, at: value.loc.start }];
}

function stepsFromRoot(path: hbs.AST.PathExpression, frames: Frames): readonly string[] | undefined {
  const [first = '', ...others] = path.parts;
  if (path.data) return first === 'root' ? others : undefined;
  const isScoped = path.depth > 0 || /^(?:this|\.)/.test(path.original);
  if (!isScoped && frames.some(({ own }) => own.includes(first))) return undefined;
  return frames.at(-1 - path.depth)?.isRoot === true ? path.parts : undefined;
}
