import type { ParsedDocument } from '../spec/document/parse-document.js';
import type { SourcePlace } from './render/source-place.js';

type Path = readonly (string | number)[];

/** Where a key of a document stands. */
export function keyPlace(document: ParsedDocument, path: Path): SourcePlace {
  return { file: document.file, ...document.locate(path, 'key') };
}

/** Where a value of a document stands. */
export function valuePlace(document: ParsedDocument, path: Path): SourcePlace {
  return { file: document.file, ...document.locate(path, 'value') };
}

/**
 * Where the text of a string begins: behind its quote, or on the line after the `|` of a block. Lines of a folded or
 * escaped string are not those of the file, so there the place is that of the string.
 */
export function textPlace(document: ParsedDocument, path: Path): SourcePlace {
  const place = valuePlace(document, path);
  const source = document.sourceOf(path) ?? '';
  if (source.startsWith('|')) return { ...place, line: place.line + 1, column: 1 };
  return /^["']/.test(source) ? { ...place, column: place.column + 1 } : place;
}
