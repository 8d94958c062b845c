import type { BdeError } from '../errors/bde-error.js';
import { writtenPath } from './dialect.js';
import { findingAt, type FindingText } from './document/finding.js';
import type { ParsedDocument } from './document/parse-document.js';
import type { DocumentPath } from './document/source-tree.js';

/** Makes findings about a spec whose normal form no longer knows its file. */
export interface SpecSource {
  /** A finding at a field, named in the user dialect, wherever and under whatever name the file has it. */
  finding(path: DocumentPath, text: FindingText, part?: 'key' | 'value'): BdeError;
}

export function specSourceOf(document: ParsedDocument): SpecSource {
  return {
    finding: (path, text, part = 'value') =>
      findingAt({ document, path: writtenPath(document.value, path), part }, text),
  };
}
