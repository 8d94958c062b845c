import { toOneLine } from '../report/plain-text.js';
import type { LintLine, LintReport } from './services/cookbooks/lint-cookbooks.js';

/** Each finding as compilers print theirs, `file:line:column: severity: message [rule]`, and the sum of it. */
export function renderLintReport({ cookbooks, findings, shellcheck }: LintReport): readonly string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const counts = [count(errors, 'error'), count(findings.length - errors, 'warning')];
  return [
    ...findings.flatMap(renderFinding),
    `${count(cookbooks.length, 'cookbook')}: ${counts.join(', ')}`,
    ...(shellcheck ? [] : ['Shell was read by sh -n alone, for shellcheck is not installed.']),
  ];
}

function renderFinding({ file, line, column, severity, message, rule, hint }: LintLine): readonly string[] {
  const place = `${file}:${String(line)}:${String(column)}`;
  return [
    `${place}: ${severity}: ${toOneLine(message)} [${rule}]`,
    ...(hint === null ? [] : [`  next: ${toOneLine(hint)}`]),
  ];
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
