import type { BdeError } from '../../errors/bde-error.js';
import { formatPlace, type SourcePlace } from '../render/source-place.js';

/** What a finding is about; stable, for scripts. docs/recipes.md has a line on each. */
export type LintRule =
  | 'format'
  | 'unknown-recipe'
  | 'unknown-role'
  | 'role-claimed-twice'
  | 'unknown-attribute'
  | 'unknown-variable'
  | 'unused-attribute'
  | 'never-idempotent'
  | 'never-run'
  | 'notify-nobody'
  | 'port-clash'
  | 'shell-syntax'
  | 'shellcheck';

/** One thing that is wrong with a cookbook, or looks so. */
export interface LintFinding {
  readonly rule: LintRule;
  readonly severity: 'error' | 'warning';
  readonly place: SourcePlace;
  /** Without the place. */
  readonly message: string;
  /** The next edit. */
  readonly hint: string | null;
}

/** An error of a parser as findings: each of those that travel together. */
export function findingsOfError(error: BdeError, path: string): readonly LintFinding[] {
  if (error.failures.length > 0) return error.failures.flatMap((failure) => findingsOfError(failure, path));
  const { file = path, line = 1, column = 1 } = error.subject;
  const place = { file, line, column };
  const start = `${formatPlace(place)}: `;
  const message = error.message.startsWith(start) ? error.message.slice(start.length) : error.message;
  return [{ rule: 'format', severity: 'error', place, message, hint: error.hint ?? null }];
}

/** By file, line and column; each once. */
export function sortFindings(findings: readonly LintFinding[]): readonly LintFinding[] {
  const distinct = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...distinct.values()].sort(
    (one, other) =>
      compareTexts(one.place.file, other.place.file) ||
      one.place.line - other.place.line ||
      one.place.column - other.place.column ||
      compareTexts(one.rule, other.rule),
  );
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
