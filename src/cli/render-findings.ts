import type { ErrorJson } from '../report/error-json.js';
import { toOneLine } from '../report/plain-text.js';

/** Findings of a check as an indented list, each with its code and what to do about it. */
export function renderFindings(findings: readonly ErrorJson[]): readonly string[] {
  return findings.flatMap(({ message, code, hint }) => [
    `  - ${toOneLine(message)} [${code}]`,
    ...(hint === null ? [] : [`    next: ${toOneLine(hint)}`]),
  ]);
}
