import Handlebars from 'handlebars';
import { isBdeError, type BdeError } from '../../errors/bde-error.js';
import { helperPath, isMustache } from './ast.js';
import { HELPERS } from './helpers.js';
import { renderError } from './render-error.js';
import { parsePlace, type SourcePlace } from './source-place.js';
import { optionalValue, printedValue, requiredValue, type PathLookup } from './strict-lookup.js';
import { STRICT_HELPERS, strictProgram } from './strict-program.js';
import { HelperProblem, refuseLong, RenderBudget } from './text-limit.js';

/** A text that may name values; `{{` begins such a name. */
export interface Template {
  /** Where it begins. */
  readonly place: SourcePlace;
  /** As it is written. */
  readonly text: string;
  /** @throws BdeError `RENDER_FAILED` with file and line of the value that is missing, or of what makes too much text */
  render(context: object): string;
}

/** What may stand between two braces, by itself: `attributes.sites`, `pluck roles.web "address"`. */
export interface Expression {
  /** @throws BdeError `RENDER_FAILED` with file and line of the value that is missing */
  evaluate(context: object): unknown;
}

/** Parses the templates of one cookbook, which share its partials. */
export interface TemplateParser {
  /** @throws BdeError `RENDER_FAILED` for a malformed template, unknown helpers and partials */
  parse(text: string, place: SourcePlace): Template;
  /** @throws BdeError `RENDER_FAILED` for what is no expression */
  parseExpression(text: string, place: SourcePlace): Expression;
}

/** Texts of partials by name, with the place of each. */
export type PartialSources = Readonly<Record<string, { readonly text: string; readonly place: SourcePlace }>>;

const HELPER_NAMES: ReadonlySet<string> = new Set([...Object.keys(HELPERS), 'if', 'unless', 'each', 'with']);

/** Code is made of our own syntax tree only, so every helper is known, and nothing is looked up on prototypes. */
const COMPILE_OPTIONS: CompileOptions = {
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries([...HELPER_NAMES, ...Object.values(STRICT_HELPERS)].map((name) => [name, true])),
};

/** Refused either way; saying so keeps Handlebars from writing a warning to stderr. */
const RUNTIME_OPTIONS = { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false };

/**
 * A parser for texts that may use these partials.
 *
 * @throws BdeError `RENDER_FAILED` where a partial is malformed
 */
export function createTemplateParser(partials: PartialSources): TemplateParser {
  const handlebars = Handlebars.create();
  registerHelpers(handlebars);
  const names = new Set(Object.keys(partials));
  for (const [name, { text, place }] of Object.entries(partials)) {
    handlebars.registerPartial(name, handlebars.compile(strictTree(text, place, names), COMPILE_OPTIONS));
  }
  return {
    parse: (text, place) => parseTemplate(handlebars, text, { place, partials: names }),
    parseExpression: (text, place) => parseExpression(handlebars, text, { place, partials: names }),
  };
}

/** Stands around an expression, so that it is parsed as an argument. */
const CALL = '{{json (';

function parseExpression(handlebars: typeof Handlebars, text: string, scope: TemplateScope): Expression {
  const { place, partials } = scope;
  if (/[{}]/.test(text))
    throw renderError(place, `${JSON.stringify(text)} is no expression`, 'Write it without braces: attributes.sites.');
  const isCall = /\s/.test(text.trim());
  const opening = isCall ? CALL : CALL.slice(0, -1);
  const start = { ...place, column: place.column - opening.length };
  const tree = strictTree(`${opening}${text}${isCall ? ')' : ''}}}`, start, partials);
  const evaluate = handlebars.compile<object>(capturing(tree), COMPILE_OPTIONS);
  return {
    evaluate: (context) => {
      const values: unknown[] = [];
      const data = { [CAPTURED]: values, [BUDGET]: new RenderBudget() };
      renderAt(place, () => evaluate(context, { ...RUNTIME_OPTIONS, data }));
      return values[0];
    },
  };
}

/** The data by which `bde:capture` hands out what it is given. */
const CAPTURED = 'bde:captured';

/** The data that has what one rendering has made so far. */
const BUDGET = 'bde:budget';

/** The same program, whose only helper is not asked for a text but for its argument. */
function capturing(tree: hbs.AST.Program): hbs.AST.Program {
  const body = tree.body.map((statement) =>
    isMustache(statement) ? { ...statement, path: helperPath(STRICT_HELPERS.capture, statement.loc) } : statement,
  );
  return { ...tree, body };
}

interface TemplateScope {
  readonly place: SourcePlace;
  readonly partials: ReadonlySet<string>;
}

function parseTemplate(handlebars: typeof Handlebars, text: string, { place, partials }: TemplateScope): Template {
  if (!text.includes('{{')) return { place, text, render: () => text };
  const render = handlebars.compile<object>(strictTree(text, place, partials), COMPILE_OPTIONS);
  return {
    place,
    text,
    render: (context) =>
      renderAt(place, () => {
        const printed = render(context, { ...RUNTIME_OPTIONS, data: { [BUDGET]: new RenderBudget() } });
        refuseLong(printed.length);
        return printed;
      }),
  };
}

/** What Handlebars itself throws has no place; ours has. */
function renderAt(place: SourcePlace, render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (isBdeError(error)) throw error;
    if (error instanceof HelperProblem) throw renderError(place, `the template ${error.message}`);
    throw renderError(place, `the template fails: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function strictTree(text: string, start: SourcePlace, partials: ReadonlySet<string>): hbs.AST.Program {
  const placeOf = ({ line, column }: hbs.AST.Position): SourcePlace => ({
    file: start.file,
    line: start.line + line - 1,
    column: (line === 1 ? start.column : 1) + column,
  });
  return strictProgram(parseText(text, start), { helpers: HELPER_NAMES, partials, placeOf });
}

function parseText(text: string, start: SourcePlace): hbs.AST.Program {
  try {
    return Handlebars.parse(text);
  } catch (error) {
    throw syntaxError(error, start);
  }
}

/** Handlebars says "Parse error on line 5:" and shows the text in further lines; the last says what was expected. */
function syntaxError(error: unknown, start: SourcePlace): BdeError {
  const message = error instanceof Error ? error.message : String(error);
  const line = /on line (\d+)/.exec(message)?.[1] ?? '1';
  const reason = message.split('\n').at(-1) ?? message;
  const place = { ...start, line: start.line + Number(line) - 1, column: line === '1' ? start.column : 1 };
  return renderError(place, `the template is malformed: ${reason}`, 'Write \\{{ where two braces are meant.');
}

function registerHelpers(handlebars: typeof Handlebars): void {
  const each = handlebars.helpers['each'];
  if (each === undefined) throw new TypeError('Handlebars has no #each');
  handlebars.registerHelper(STRICT_HELPERS.value, (...args: unknown[]) => requiredValue(lookupOf(args)));
  handlebars.registerHelper(STRICT_HELPERS.print, (...args: unknown[]) => {
    const lookup = lookupOf(args);
    return placed(parsePlace(lookup.place), `{{${lookup.path}}}`, () => budgetOf(args).spend(printedValue(lookup)));
  });
  handlebars.registerHelper(STRICT_HELPERS.optional, (...args: unknown[]) => optionalValue(lookupOf(args)));
  handlebars.registerHelper(STRICT_HELPERS.capture, (value: unknown, options: Handlebars.HelperOptions) => {
    (options.data as Readonly<Record<string, unknown[]>>)[CAPTURED]?.push(value);
    return '';
  });
  handlebars.registerHelper(
    'each',
    function (this: unknown, list: unknown, options: Handlebars.HelperOptions): unknown {
      if (typeof list !== 'object') throw renderError(placeIn(options), '#each needs a list or a map');
      return placed(placeIn(options), '#each', () => each.call(this, list, boundedEach(options)) as unknown);
    },
  );
  for (const name of Object.keys(HELPERS)) {
    handlebars.registerHelper(name, (...args: unknown[]) => runHelper(name, args));
  }
}

function lookupOf([head, place, path, ...rest]: readonly unknown[]): PathLookup {
  return { head, place: String(place), path: String(path), steps: rest.slice(0, -1).map(String) };
}

/** The same block, whose turns together print no more than a template may. */
function boundedEach(options: Handlebars.HelperOptions): Handlebars.HelperOptions {
  const budget = budgetOf([options]);
  let length = 0;
  const fn: Handlebars.TemplateDelegate = (context, given) => {
    budget.turn();
    const printed = options.fn(context, given);
    length += printed.length;
    refuseLong(length);
    return printed;
  };
  return { ...options, fn };
}

function runHelper(name: string, args: readonly unknown[]): unknown {
  const options = args.at(-1) as Handlebars.HelperOptions;
  const helper = HELPERS[name];
  const values = args.slice(0, -1);
  return placed(placeIn(options), `{{${name}}}`, () => {
    const [least, most] = helper?.arity ?? [0, 0];
    if (values.length < least || values.length > most) throw new HelperProblem(`takes ${arityText(least, most)}`);
    const made = helper?.run(values, options.hash as Readonly<Record<string, unknown>>);
    return typeof made === 'string' ? budgetOf(args).spend(made) : made;
  });
}

/** What a helper cannot do becomes an error at its place. */
function placed<Made>(place: SourcePlace, what: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof HelperProblem) throw renderError(place, `${what} ${error.message}`);
    throw error;
  }
}

function budgetOf(args: readonly unknown[]): RenderBudget {
  const { data } = args.at(-1) as { readonly data: Readonly<Record<string, RenderBudget>> };
  return data[BUDGET] ?? new RenderBudget();
}

function arityText(least: number, most: number): string {
  return least === most ? `${least} ${least === 1 ? 'argument' : 'arguments'}` : `${least} to ${most} arguments`;
}

function placeIn(options: Handlebars.HelperOptions): SourcePlace {
  return parsePlace(String((options.hash as Readonly<Record<string, unknown>>)['place']));
}
