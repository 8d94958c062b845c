import { BdeError, type ErrorSubject } from '../../errors/bde-error.js';
import type { ErrorCode } from '../../errors/codes.js';
import type { ParsedDocument } from './parse-document.js';
import type { DocumentPath } from './source-tree.js';

/** Where in a document something was found. */
export interface Place {
  readonly document: ParsedDocument;
  readonly path: DocumentPath;
  /** Point at the field's name instead of its value. */
  readonly part?: 'key' | 'value';
}

/** What was found; a message without its place, which is put before it. */
export interface FindingText {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly subject?: ErrorSubject;
}

/** One thing that is wrong at one place of a document: `file:line:column: message`, or `--set path: message`. */
export function findingAt(place: Place, text: FindingText): BdeError {
  const { where, subject } = describePlace(place);
  return new BdeError(text.code, `${where}: ${text.message}`, {
    hint: text.hint,
    subject: { ...text.subject, ...subject },
  });
}

function describePlace({ document, path, part = 'value' }: Place): { where: string; subject: ErrorSubject } {
  const { file } = document;
  const override = document.overridden?.findLast((each) =>
    each.path.every((segment, index) => segment === path[index]),
  );
  if (override !== undefined) return { where: `--set ${override.written}`, subject: { file } };
  const { line, column } = document.locate(path, part);
  return { where: `${file}:${line}:${column}`, subject: { file, line, column } };
}

/**
 * Throws what was found: one finding as itself, several as one error of this code that lists them.
 * Returns when there is none.
 */
export function throwFindings(findings: readonly BdeError[], code: ErrorCode, what: string): void {
  const [first, ...others] = findings;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new BdeError(code, `${what} has ${findings.length} errors`, { failures: findings });
}
