import type { BdeError } from '../errors/bde-error.js';
import { collectErrors } from './collect-errors.js';
import type { SourcePlace } from './render/source-place.js';
import { createTemplateParser, type Template, type TemplateParser } from './render/template.js';
import type { CookbookSource } from './types.js';

/** The templates of a cookbook, and the parser that its recipes and roles share with them. */
export interface TemplateSet {
  readonly parser: TemplateParser;
  /** By name, without `.hbs`; partials are not among them. */
  readonly templates: Readonly<Record<string, Template>>;
}

const FOLDER = 'templates/';
const SUFFIX = '.hbs';

/** Every template of a cookbook; `templates/_name.hbs` is the partial `name`. What is malformed goes to the errors. */
export function parseTemplates(source: CookbookSource, errors: BdeError[]): TemplateSet {
  const files = templateFiles(source);
  const parser = partialParser(files, errors);
  const templates = files
    .filter(({ name }) => !name.startsWith('_'))
    .flatMap(({ name, text, place }) => {
      const template = collectErrors(errors, () => parser.parse(text, place));
      return template === undefined ? [] : [[name, template] as const];
    });
  return { parser, templates: Object.fromEntries(templates) };
}

interface TemplateFile {
  readonly name: string;
  readonly text: string;
  readonly place: SourcePlace;
}

function templateFiles(source: CookbookSource): readonly TemplateFile[] {
  const paths = Object.keys(source.files).filter((path) => path.startsWith(FOLDER) && path.endsWith(SUFFIX));
  return paths.sort().map((path) => ({
    name: path.slice(FOLDER.length, -SUFFIX.length),
    text: source.files[path]?.toString('utf8') ?? '',
    place: { file: `${source.path}/${path}`, line: 1, column: 1 },
  }));
}

/** With a malformed partial the others are still parsed, as if all partials were empty: its name is known. */
function partialParser(files: readonly TemplateFile[], errors: BdeError[]): TemplateParser {
  const partials = files.filter(({ name }) => name.startsWith('_')).map((file) => [file.name.slice(1), file] as const);
  const parser = collectErrors(errors, () => createTemplateParser(Object.fromEntries(partials)));
  if (parser !== undefined) return parser;
  return createTemplateParser(Object.fromEntries(partials.map(([name, file]) => [name, { ...file, text: '' }])));
}
