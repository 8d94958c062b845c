import { toOneLine } from '../report/plain-text.js';
import { renderFindings } from './render-findings.js';
import type { CatalogueVerdict } from './services/check-catalogue.js';

/** What was looked at, and what is wrong with it. */
export function renderCatalogueVerdict({ counts, warnings, errors, holds }: CatalogueVerdict): readonly string[] {
  const looked = `${String(counts.distros)} distros, ${String(counts.specs)} specs, ${String(counts.cookbooks)} cookbooks`;
  const verdict = holds ? 'all hold' : `${String(errors.length)} ${errors.length === 1 ? 'error' : 'errors'}`;
  return [
    `${looked}: ${verdict}`,
    ...warnings.map((warning) => `  warning: ${toOneLine(warning)}`),
    ...renderFindings(errors),
  ];
}
