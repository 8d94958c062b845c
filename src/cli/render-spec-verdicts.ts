import { clip, toOneLine } from '../report/plain-text.js';
import { renderFindings } from './render-findings.js';
import type { SpecVerdict, SpecVerdicts } from './services/check-specs.js';

/** Each spec with what is wrong with it. */
export function renderSpecVerdicts({ files }: SpecVerdicts): readonly string[] {
  return files.flatMap((file) => [
    headOf(file),
    ...file.warnings.map((warning) => `  warning: ${toOneLine(warning)}`),
    ...renderFindings(file.errors),
  ]);
}

/** A file may have been named by anything. */
const NAME_COLUMNS = 200;

function headOf({ file, holds, nodeCount, errors }: SpecVerdict): string {
  const name = clip(toOneLine(file), NAME_COLUMNS);
  if (holds) return `${name}: holds, ${String(nodeCount)} nodes`;
  return `${name}: ${String(errors.length)} ${errors.length === 1 ? 'error' : 'errors'}`;
}
