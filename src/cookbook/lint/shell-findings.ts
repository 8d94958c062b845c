import type { SourcePlace } from '../render/source-place.js';
import type { LintFinding } from './lint-finding.js';
import type { ShellSnippet } from './shell-snippets.js';

/** What a shell said about a snippet that it could not read: `sh: 3: Syntax error: "fi" unexpected`. */
export function shellFinding(snippet: ShellSnippet, said: string): LintFinding {
  const [first = ''] = said.trim().split('\n');
  const [, line = '1', reason = first] = /^[^:]*: (?:line )?(\d+): (.*)$/s.exec(first) ?? [];
  return {
    rule: 'shell-syntax',
    severity: 'error',
    place: placeOfLine(snippet, Number(line)),
    message: `a POSIX shell cannot read this: ${reason.replace(/^syntax error:? /i, '')}`,
    hint: 'Try it with sh -n; bash has more than sh.',
  };
}

/** One comment of shellcheck, as its `json1` format has it. */
export interface ShellcheckComment {
  readonly line: number;
  readonly column: number;
  readonly code: number;
  readonly message: string;
}

/** Codes that speak of what we put in the place of values, or of variables that a node's environment has. */
export const SHELLCHECK_PASSED_OVER: readonly string[] = [
  'SC1090',
  'SC1091',
  'SC2034',
  'SC2043',
  'SC2050',
  'SC2154',
  'SC2157',
  'SC2170',
  'SC2194',
];

/** A comment of shellcheck as a finding. Columns hold where the line has no value before them. */
export function shellcheckFinding(snippet: ShellSnippet, comment: ShellcheckComment): LintFinding {
  const place = placeOfLine(snippet, comment.line);
  return {
    rule: 'shellcheck',
    severity: 'warning',
    place: { ...place, column: place.column + comment.column - 1 },
    message: `${comment.message} (SC${comment.code})`,
    hint: `See https://www.shellcheck.net/wiki/SC${comment.code}`,
  };
}

/** The line after the last is where a shell finds that something is not closed. */
function placeOfLine({ places }: ShellSnippet, line: number): SourcePlace {
  return places[Math.min(line, places.length) - 1] ?? { file: '', line: 1, column: 1 };
}
