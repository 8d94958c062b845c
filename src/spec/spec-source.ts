import type { BdeError } from '../errors/bde-error.js';
import { writtenPath } from './dialect.js';
import { findingAt, type FindingText } from './document/finding.js';
import type { ParsedDocument } from './document/parse-document.js';
import type { DocumentPath } from './document/source-tree.js';

/** Makes findings about a spec whose normal form no longer knows its file. */
export interface SpecSource {
  /** For messages, as the user named it. */
  readonly file: string;
  /** A finding at a field, named in the user dialect, wherever and under whatever name the file has it. */
  finding(path: DocumentPath, text: FindingText, part?: 'key' | 'value'): BdeError;
  /** A scalar as it is written at a field; undefined where there is none. */
  sourceOf(path: DocumentPath): string | undefined;
}

/** Finds the text behind a path of the normal form, whichever dialect the document is written in. */
export function specSourceOf(document: ParsedDocument): SpecSource {
  return {
    file: document.file,
    sourceOf: (path) => document.sourceOf(writtenPath(document.value, path)),
    finding: (path, text, part = 'value') =>
      findingAt({ document, path: writtenPath(document.value, path), part }, text),
  };
}
