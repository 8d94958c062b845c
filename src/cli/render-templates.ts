import { renderTable } from '../report/render-table.js';
import type { TemplateLine } from './services/templates.js';

/** Templates as a table. */
export function renderTemplates(templates: readonly TemplateLine[]): readonly string[] {
  return renderTable({
    columns: [{ title: 'template' }, { title: 'digest' }, { title: 'MiB', align: 'right' }, { title: 'built' }],
    rows: templates.map((each) => [each.name, each.digest.slice(0, 12), each.sizeMiB, each.createdAt]),
  });
}
