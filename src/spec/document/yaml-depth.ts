import { CST, Lexer } from 'yaml';

/** Tokens that the lexer puts in without a counterpart in the text. */
const MARKS: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR];

/** Each level of nesting opens one to three columns: its key, the colon, the dash. */
const MAX_OPEN = 250;

/**
 * Offset at which a YAML text nests too deep to be parsed; undefined where it does not.
 *
 * The parser recurses, and where the stack ends inside a regular expression, V8 ends the process. The lexer does not
 * recurse: from its tokens alone comes a bound that is never below the real depth.
 */
export function findTooDeepYaml(text: string): number | undefined {
  const walk: Walk = { lineStart: 0, flowDepth: 0, columns: [] };
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (MARKS.includes(token)) continue;
    visitToken(walk, token, offset);
    if (walk.flowDepth + walk.columns.length > MAX_OPEN) return offset;
    offset += token.length;
  }
  return undefined;
}

interface Walk {
  lineStart: number;
  flowDepth: number;
  /** Columns of block tokens that may still be open, ascending. */
  columns: number[];
}

function visitToken(walk: Walk, token: string, offset: number): void {
  const type = CST.tokenType(token);
  if (type === 'flow-map-start' || type === 'flow-seq-start') walk.flowDepth += 1;
  else if (type === 'flow-map-end' || type === 'flow-seq-end') walk.flowDepth = Math.max(0, walk.flowDepth - 1);
  else if (walk.flowDepth === 0 && type !== 'space' && type !== 'newline' && type !== 'comment') {
    openColumn(walk, offset - walk.lineStart);
  }
  const newline = token.lastIndexOf('\n');
  if (newline >= 0) walk.lineStart = offset + newline + 1;
}

/** What stands at a column closes all that stands at it or to its right. */
function openColumn(walk: Walk, column: number): void {
  while ((walk.columns.at(-1) ?? -1) >= column) walk.columns.pop();
  walk.columns.push(column);
}
