import { didYouMean } from '../../spec/document/nearest-name.js';
import * as ast from './ast.js';
import { renderError } from './render-error.js';
import { formatPlace, type SourcePlace } from './source-place.js';

/** Names of the helpers that strict paths call; a template cannot write them. */
export const STRICT_HELPERS = {
  value: 'bde:value',
  print: 'bde:print',
  optional: 'bde:optional',
  capture: 'bde:capture',
} as const;

/** Helpers whose first argument may be a value that is missing. */
const LENIENT: ReadonlySet<string> = new Set(['has', 'default']);

const BLOCKS: ReadonlySet<string> = new Set(['if', 'unless', 'each', 'with']);

/** What a template may name, and where it stands. */
export interface StrictScope {
  readonly helpers: ReadonlySet<string>;
  readonly partials: ReadonlySet<string>;
  /** The place of a position in the template's text. */
  readonly placeOf: (position: hbs.AST.Position) => SourcePlace;
}

/**
 * The same template with every path that is read as a value wrapped in a helper call that knows the path and its place.
 *
 * Handlebars' own `strict` lets missing values through in `#if`, `#each`, helper arguments and partials, and what a proxy
 * finds missing has no line. Here every path is walked step by step by us.
 *
 * @throws BdeError `RENDER_FAILED` for unknown helpers and partials, and for what the language does not have
 */
export function strictProgram(program: hbs.AST.Program, scope: StrictScope): hbs.AST.Program {
  return { ...program, body: program.body.map((statement) => strictStatement(statement, scope)) };
}

function strictStatement(statement: hbs.AST.Statement, scope: StrictScope): hbs.AST.Statement {
  if (ast.isInert(statement)) return statement;
  if (ast.isMustache(statement)) return strictMustache(statement, scope);
  if (ast.isBlock(statement)) return strictBlock(statement, scope);
  if (ast.isPartial(statement)) return strictPartial(statement, scope);
  throw renderError(scope.placeOf(statement.loc.start), `templates have no ${statement.type}`);
}

function strictMustache(statement: hbs.AST.MustacheStatement, scope: StrictScope): hbs.AST.MustacheStatement {
  const { path } = statement;
  if (isHelper(path, scope)) return { ...statement, ...strictCall(path.original, statement, scope) };
  if (!ast.isPath(path)) throw renderError(scope.placeOf(path.loc.start), 'a literal alone is not printed');
  if (statement.params.length > 0) throw unknownHelper(path, scope);
  const { params, hash } = lookUp(STRICT_HELPERS.print, path, scope);
  return { ...statement, path: ast.helperPath(STRICT_HELPERS.print, path.loc), params, hash };
}

function strictBlock(statement: hbs.AST.BlockStatement, scope: StrictScope): hbs.AST.BlockStatement {
  const name = statement.path.original;
  if (!BLOCKS.has(name)) {
    const message = `there is no block #${name}${didYouMean(name, BLOCKS)}`;
    throw renderError(scope.placeOf(statement.loc.start), message, 'Blocks are #if, #unless, #each and #with.');
  }
  const program = strictProgram(statement.program, scope);
  const block = { ...statement, ...strictCall(name, statement, scope), program };
  return ast.hasElse(statement) ? { ...block, inverse: strictProgram(statement.inverse, scope) } : block;
}

function strictPartial(statement: hbs.AST.PartialStatement, scope: StrictScope): hbs.AST.PartialStatement {
  const name = ast.isPath(statement.name) ? statement.name.original : '';
  if (!scope.partials.has(name)) {
    const message = `there is no partial ${JSON.stringify(name)}${didYouMean(name, scope.partials)}`;
    throw renderError(scope.placeOf(statement.loc.start), message, 'Partials are files like templates/_name.hbs.');
  }
  const params = statement.params.map((param) => strictValue(param, scope));
  return { ...statement, params, hash: strictHash(ast.hashOf(statement), scope) };
}

interface Call {
  readonly params: hbs.AST.Expression[];
  readonly hash: hbs.AST.Hash | undefined;
  readonly loc: hbs.AST.SourceLocation;
}

interface Arguments {
  readonly params: hbs.AST.Expression[];
  readonly hash: hbs.AST.Hash;
}

/** Arguments of a helper: values are strict, and the helper is told where it stands, for its own errors. */
function strictCall(name: string, call: Call, scope: StrictScope): Arguments {
  const params = call.params.map((param, index) =>
    index === 0 && LENIENT.has(name) ? optionalValue(param, scope) : strictValue(param, scope),
  );
  const place = formatPlace(scope.placeOf(call.loc.start));
  return {
    params,
    hash: ast.withPair(strictHash(ast.hashOf(call), scope), 'place', ast.stringLiteral(place, call.loc)),
  };
}

function strictHash(hash: hbs.AST.Hash, scope: StrictScope): hbs.AST.Hash {
  return { ...hash, pairs: hash.pairs.map((pair) => ({ ...pair, value: strictValue(pair.value, scope) })) };
}

function strictValue(expression: hbs.AST.Expression, scope: StrictScope): hbs.AST.Expression {
  if (ast.isSubExpression(expression)) return strictSubExpression(expression, scope);
  // A path without steps is `this` or `..`, which is always there.
  if (!ast.isPath(expression) || expression.parts.length === 0) return expression;
  return lookUp(STRICT_HELPERS.value, expression, scope);
}

function optionalValue(expression: hbs.AST.Expression, scope: StrictScope): hbs.AST.Expression {
  return ast.isPath(expression) ? lookUp(STRICT_HELPERS.optional, expression, scope) : strictValue(expression, scope);
}

function strictSubExpression(expression: hbs.AST.SubExpression, scope: StrictScope): hbs.AST.SubExpression {
  if (!isHelper(expression.path, scope)) throw unknownHelper(expression.path, scope);
  return { ...expression, ...strictCall(expression.path.original, expression, scope) };
}

/** The first step of a path is Handlebars' (context, `../`, block parameters, `@index`); the others are ours. */
function lookUp(helper: string, path: hbs.AST.PathExpression, scope: StrictScope): hbs.AST.SubExpression {
  const [first, ...tail] = path.parts;
  const head = first === undefined ? path : { ...path, parts: [first], original: `${prefixOf(path)}${first}` };
  const place = formatPlace(scope.placeOf(path.loc.start));
  const texts = [place, path.original, ...tail].map((text) => ast.stringLiteral(text, path.loc));
  return ast.subExpression(
    ast.helperPath(helper, path.loc),
    [head, ...texts],
    ast.hashOf({ hash: undefined, loc: path.loc }),
  );
}

/** `this.x` and `./x` must keep their prefix: it says that no block parameter of that name is meant. */
function prefixOf(path: hbs.AST.PathExpression): string {
  return /^(?:\.\.\/)+|^\.\/|^this[./]|^@/.exec(path.original)?.[0] ?? '';
}

function isHelper(path: hbs.AST.Expression, scope: StrictScope): path is hbs.AST.PathExpression {
  return (
    ast.isPath(path) && !path.data && path.depth === 0 && path.parts.length === 1 && scope.helpers.has(path.original)
  );
}

function unknownHelper(path: hbs.AST.PathExpression, scope: StrictScope): Error {
  const message = `there is no helper ${JSON.stringify(path.original)}${didYouMean(path.original, scope.helpers)}`;
  return renderError(scope.placeOf(path.loc.start), message, `Helpers are ${[...scope.helpers].sort().join(', ')}.`);
}
