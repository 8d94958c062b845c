/** A table of Markdown, as lines; nothing where it has no row. Cells may hold anything: what would break the table is escaped. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  return [lineOf(titles), lineOf(titles.map(() => '---')), ...rows.map((row) => lineOf(row.map(escapeCell)))];
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}

/** A text as code within a line. */
export function inlineCode(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return fence === '`' ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}
