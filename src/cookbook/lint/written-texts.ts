import { parseDocument, type ParsedDocument } from '../../spec/document/parse-document.js';
import type { DocumentPath } from '../../spec/document/source-tree.js';
import { textPlace } from '../document-place.js';
import type { SourcePlace } from '../render/source-place.js';
import type { CookbookSource } from '../types.js';

/** A text of a cookbook that is a template, as it is written. */
export interface WrittenText {
  readonly text: string;
  /** Where it begins. */
  readonly place: SourcePlace;
  /** How far its further lines are indented in the file: what YAML takes away from a block. */
  readonly indent: number;
  /** Of its file, from the cookbook's folder: `recipes/server.yaml`. */
  readonly file: string;
  /** Of the string within a YAML file; empty for a file of `templates/`. */
  readonly path: DocumentPath;
  /** False where it may be rendered with other names than those of a recipe: in partials. */
  readonly seesAll: boolean;
}

/** Every text of a cookbook that is a template: strings of recipes and of custom resources, commands and ports of roles, files of `templates/`. */
export function writtenTexts(source: CookbookSource): readonly WrittenText[] {
  return Object.keys(source.files).flatMap((file) => {
    if (/^templates\/.*\.hbs$/s.test(file)) return [templateFile(source, file)];
    if (/^(?:recipes|resources)\/.*\.yaml$/s.test(file)) return stringsOf(source, file);
    if (/^roles\/.*\.yaml$/s.test(file)) return stringsOf(source, file).filter(isTemplateOfRole);
    return [];
  });
}

/** In the file of a role, commands and ports are templates. */
function isTemplateOfRole(written: WrittenText): boolean {
  return written.path.at(-1) === 'command' || isPort(written);
}

/** The number of a port of a role, which sees attributes alone. */
export function isPort({ file, path }: WrittenText): boolean {
  return file.startsWith('roles/') && path[0] === 'ports' && path.at(-1) === 'port';
}

/** The place in the file of a position in the text, line and column counted from 1. */
export function placeIn(
  { place, indent }: Pick<WrittenText, 'place' | 'indent'>,
  { line, column }: { readonly line: number; readonly column: number },
): SourcePlace {
  return {
    file: place.file,
    line: place.line + line - 1,
    column: (line === 1 ? place.column : 1 + indent) + column - 1,
  };
}

/** A YAML file of a cookbook, read; undefined where it has none of that name. */
export function documentIn(source: CookbookSource, file: string): ParsedDocument | undefined {
  const content = source.files[file];
  return content === undefined ? undefined : parseDocument(content.toString('utf8'), `${source.path}/${file}`);
}

function templateFile(source: CookbookSource, file: string): WrittenText {
  return {
    text: source.files[file]?.toString('utf8') ?? '',
    place: { file: `${source.path}/${file}`, line: 1, column: 1 },
    indent: 0,
    file,
    path: [],
    seesAll: !/(?:^|\/)_[^/]*$/.test(file),
  };
}

function stringsOf(source: CookbookSource, file: string): readonly WrittenText[] {
  const document = documentIn(source, file);
  if (document === undefined || !document.wellFormed) return [];
  return stringPaths(document.value).map(({ path, text }) => {
    const indent = blockIndent(document.sourceOf(path) ?? '');
    const place = textPlace(document, path);
    const written = { text, place: { ...place, column: place.column + indent }, indent, file, path, seesAll: true };
    return path.at(-1) === 'for_each' ? asTemplate(written) : written;
  });
}

/** An expression, which is written without braces. */
function asTemplate({ text, place, ...written }: WrittenText): WrittenText {
  return { ...written, text: `{{${text}}}`, place: { ...place, column: place.column - 2 } };
}

function blockIndent(written: string): number {
  return written.startsWith('|') ? (/\n( *)\S/.exec(written)?.[1]?.length ?? 0) : 0;
}

function stringPaths(
  value: unknown,
  path: DocumentPath = [],
): readonly { readonly path: DocumentPath; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, part]) => stringPaths(part, [...path, key]));
}
