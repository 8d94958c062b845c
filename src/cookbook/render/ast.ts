// Nodes of a Handlebars syntax tree: the guards that its types lack (`type` is a plain string there), and builders.

type Node = hbs.AST.Node;

/** Narrows to a path such as `node.name`. */
export function isPath(node: Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression';
}

/** Narrows to a helper call in parentheses. */
export function isSubExpression(node: Node): node is hbs.AST.SubExpression {
  return node.type === 'SubExpression';
}

/** Narrows to `{{…}}`. */
export function isMustache(node: Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement';
}

/** Narrows to `{{#…}}…{{/…}}`. */
export function isBlock(node: Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement';
}

/** Narrows to `{{> …}}`. */
export function isPartial(node: Node): node is hbs.AST.PartialStatement {
  return node.type === 'PartialStatement';
}

/** True where a block has an `{{else}}`; the parser leaves it undefined otherwise, whatever the types say. */
export function hasElse(block: { readonly inverse: hbs.AST.Program | undefined }): boolean {
  return block.inverse !== undefined;
}

/** True for text and comments, which hold no expression. */
export function isInert(node: Node): boolean {
  return node.type === 'ContentStatement' || node.type === 'CommentStatement';
}

/** The path that names a helper. */
export function helperPath(name: string, loc: hbs.AST.SourceLocation): hbs.AST.PathExpression {
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc };
}

/** `(helper params…)` */
export function subExpression(
  path: hbs.AST.PathExpression,
  params: hbs.AST.Expression[],
  hash: hbs.AST.Hash,
): hbs.AST.SubExpression {
  return { type: 'SubExpression', path, params, hash, loc: path.loc };
}

/** A string in quotes. */
export function stringLiteral(value: string, loc: hbs.AST.SourceLocation): hbs.AST.StringLiteral {
  return { type: 'StringLiteral', value, original: value, loc };
}

/** The named arguments of a call; the parser leaves them undefined where there are none, whatever the types say. */
export function hashOf(call: {
  readonly hash: hbs.AST.Hash | undefined;
  readonly loc: hbs.AST.SourceLocation;
}): hbs.AST.Hash {
  return call.hash ?? { type: 'Hash', pairs: [], loc: call.loc };
}

/** Named arguments with one more. */
export function withPair(hash: hbs.AST.Hash, key: string, value: hbs.AST.Expression): hbs.AST.Hash {
  return { ...hash, pairs: [...hash.pairs, { type: 'HashPair', key, value, loc: hash.loc }] };
}
