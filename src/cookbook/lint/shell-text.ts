import Handlebars from 'handlebars';
import * as ast from '../render/ast.js';

/** A template as a shell could read it, and which line of the template each of its lines comes from (the first is 1). */
export interface ShellText {
  readonly text: string;
  readonly lines: readonly number[];
}

/** Texts of partials by name. */
export type PartialTexts = Readonly<Record<string, string>>;

/** Which way every `{{#if}}` goes; what is in an `{{#each}}` is there once either way. */
export type Branch = 'then' | 'else';

/** Stands for any value: a word, the name of a variable, a part of a path. */
const WORD = 'x1';

/** Partials that name each other in a circle end here. */
const MAX_DEPTH = 10;

/** A template with a word in the place of each value; empty where it is malformed: its parser says so. */
export function shellText(template: string, partials: PartialTexts, branch: Branch): ShellText {
  const signs = signsOf(template, { partials, branch, depth: 0 });
  const text = signs.map(({ sign }) => sign).join('');
  const starts = signs.filter((_, index) => index === 0 || signs[index - 1]?.sign.endsWith('\n'));
  return { text, lines: starts.map(({ line }) => line) };
}

/** A stretch of text without a line end, except at its end; and its line in the template. */
interface Stretch {
  readonly sign: string;
  readonly line: number;
}

interface Reading {
  readonly partials: PartialTexts;
  readonly branch: Branch;
  readonly depth: number;
}

function signsOf(template: string, reading: Reading): readonly Stretch[] {
  if (reading.depth > MAX_DEPTH) return [];
  if (!template.includes('{{')) return stretches(template, 1);
  const program = parsed(template);
  return program === undefined ? [] : programSigns(program, reading);
}

function parsed(text: string): hbs.AST.Program | undefined {
  try {
    return Handlebars.parse(text);
  } catch {
    return undefined;
  }
}

function programSigns(program: hbs.AST.Program, reading: Reading): readonly Stretch[] {
  return program.body.flatMap((statement): readonly Stretch[] => {
    const { line } = statement.loc.start;
    if (ast.isMustache(statement)) return [{ sign: valueText(statement), line }];
    if (ast.isPartial(statement)) return partialSigns(statement, reading);
    if (ast.isBlock(statement)) return blockSigns(statement, reading);
    return statement.type === 'ContentStatement' ? contentSigns(statement as hbs.AST.ContentStatement) : [];
  });
}

function valueText({ path }: hbs.AST.MustacheStatement): string {
  return ast.isPath(path) && path.original === 'quote' ? `'${WORD}'` : WORD;
}

/** All of a partial stands on the line that calls it. */
function partialSigns({ name, loc }: hbs.AST.PartialStatement, reading: Reading): readonly Stretch[] {
  const text = reading.partials[ast.isPath(name) ? name.original : ''] ?? '';
  const inner = signsOf(text, { ...reading, depth: reading.depth + 1 });
  return inner.map(({ sign }) => ({ sign, line: loc.start.line }));
}

function blockSigns(block: hbs.AST.BlockStatement, reading: Reading): readonly Stretch[] {
  const isChoice = block.path.original === 'if' || block.path.original === 'unless';
  if (!isChoice || reading.branch === 'then') return programSigns(block.program, reading);
  return ast.hasElse(block) ? programSigns(block.inverse, reading) : [];
}

/** Tags on lines of their own take these lines along, so the text may begin further down than it is written. */
function contentSigns({ value, original, loc }: hbs.AST.ContentStatement): readonly Stretch[] {
  const written = original as unknown as string;
  const cut = written.endsWith(value) ? written.length - value.length : Math.max(written.indexOf(value), 0);
  return stretches(value, loc.start.line + lineEnds(written.slice(0, cut)));
}

function stretches(text: string, firstLine: number): readonly Stretch[] {
  const parts = text.split(/(?<=\n)/).filter((part) => part !== '');
  return parts.map((sign, index) => ({ sign, line: firstLine + index }));
}

function lineEnds(text: string): number {
  return text.split('\n').length - 1;
}
