import { toOneLine } from '../report/plain-text.js';
import type { DoctorReport } from './services/doctor/examine.js';
import type { Finding, FindingLevel } from './services/doctor/finding.js';

/** Every finding with its place, why, and what to do; then what was mended, and the sum. */
export function renderDoctorReport({ findings, mended }: DoctorReport): readonly string[] {
  return [
    ...findings.flatMap(findingLines),
    ...(mended.length === 0 ? [] : ['', 'Mended:', ...mended.map((line) => `  ${toOneLine(line)}`)]),
    '',
    sumOf(findings),
  ];
}

const LEVEL_WIDTH = 'problem'.length;

function findingLines({ level, what, where, why, next }: Finding): readonly string[] {
  const place = where === null ? '' : ` ${where}`;
  return [
    `${level.padEnd(LEVEL_WIDTH)}  ${toOneLine(`${what}${place}: ${why}`)}`,
    ...(next === null ? [] : [`${' '.repeat(LEVEL_WIDTH)}  next: ${toOneLine(next)}`]),
  ];
}

function sumOf(findings: readonly Finding[]): string {
  const count = (level: FindingLevel): number => findings.filter((finding) => finding.level === level).length;
  const problems = count('problem');
  const warnings = count('warning');
  if (problems + warnings === 0) return 'All is well.';
  return `${plural(problems, 'problem')}, ${plural(warnings, 'warning')}.`;
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
