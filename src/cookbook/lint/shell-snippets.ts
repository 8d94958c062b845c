import { findResourceKind } from '../resources/resource-kinds.js';
import type { SourcePlace } from '../render/source-place.js';
import type { CookbookSource } from '../types.js';
import { shellText, type PartialTexts } from './shell-text.js';
import { placeIn, writtenTexts, type WrittenText } from './written-texts.js';

/** Shell of a cookbook, made ready for a shell to read. */
export interface ShellSnippet {
  readonly text: string;
  /** Where each line of the text stands. */
  readonly places: readonly SourcePlace[];
}

/** Keys of resources whose value is shell. */
const SHELL_KEYS: ReadonlySet<string> = new Set(['command', 'only_if', 'not_if']);

/**
 * Every command, probe, guard and fact of a cookbook, and its files and templates that begin with `#!/bin/sh`. What has
 * an `{{#if}}` is there twice, once for each way.
 */
export function shellSnippets(source: CookbookSource): readonly ShellSnippet[] {
  const partials = partialTexts(source);
  const written = writtenTexts(source).filter(isShell);
  return [...written.flatMap((each) => snippetsOf(each, partials)), ...shellFiles(source)];
}

function partialTexts({ files }: CookbookSource): PartialTexts {
  const entries = Object.entries(files).flatMap(([path, content]) => {
    const [, name] = /^templates\/_(.*)\.hbs$/s.exec(path) ?? [];
    return name === undefined ? [] : [[name, content.toString('utf8')] as const];
  });
  return Object.fromEntries(entries);
}

function isShell({ text, file, path }: WrittenText): boolean {
  if (path.length === 0) return file.startsWith('templates/') && hasShebang(text);
  const key = path.at(-1);
  return typeof key === 'string' && SHELL_KEYS.has(key) && findResourceKind(key) === undefined;
}

function hasShebang(text: string): boolean {
  return /^#!\s*\/bin\/(?:da)?sh\b/.test(text);
}

function snippetsOf(written: WrittenText, partials: PartialTexts): readonly ShellSnippet[] {
  const { text } = written;
  const readings = [shellText(text, partials, 'then'), shellText(text, partials, 'else')];
  const [then, otherwise] = readings;
  const distinct = then?.text === otherwise?.text ? readings.slice(0, 1) : readings;
  return distinct.map((reading) => ({
    text: reading.text,
    places: reading.lines.map((line) => placeIn(written, { line, column: 1 })),
  }));
}

function shellFiles({ path, files }: CookbookSource): readonly ShellSnippet[] {
  return Object.entries(files).flatMap(([file, content]) => {
    const text = file.startsWith('files/') ? content.toString('utf8') : '';
    if (!hasShebang(text)) return [];
    const places = text.split('\n').map((_, index) => ({ file: `${path}/${file}`, line: index + 1, column: 1 }));
    return [{ text, places }];
  });
}
