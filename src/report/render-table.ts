import { plainWidth, toOneLine, type TextWidth } from './plain-text.js';

/** A column: its title, and on which side its cells stand. */
export interface TableColumn {
  readonly title: string;
  /** `right` is for numbers; `left` when absent. */
  readonly align?: 'left' | 'right';
}

/** Cells by row, in the order of the columns; null and absent cells show as `-`. Blanks at the begin of a cell show what it is part of. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly (string | number | null | undefined)[])[];
}

const GAP = '  ';
const EMPTY_CELL = '-';

/**
 * The table as lines, titles in capitals first, no blank at a line's end and no frame: made for eyes and for `awk`.
 * Without rows it is the titles alone.
 */
export function renderTable(table: Table, widthOf: TextWidth = plainWidth): readonly string[] {
  const titles = table.columns.map((column) => column.title.toUpperCase());
  const lines = [titles, ...table.rows.map((row) => table.columns.map((_, index) => renderCell(row[index])))];
  const widths = titles.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index] ?? ''))));
  return lines.map((line) => renderLine(line, table.columns, (cell, index) => (widths[index] ?? 0) - widthOf(cell)));
}

function renderCell(value: string | number | null | undefined): string {
  const given = String(value ?? '');
  const text = toOneLine(given);
  if (text === '') return EMPTY_CELL;
  const [indent = ''] = /^ */.exec(given) ?? [];
  return indent + text;
}

function renderLine(
  cells: readonly string[],
  columns: readonly TableColumn[],
  paddingOf: (cell: string, index: number) => number,
): string {
  const padded = cells.map((cell, index) => {
    const padding = ' '.repeat(paddingOf(cell, index));
    return columns[index]?.align === 'right' ? padding + cell : cell + padding;
  });
  return padded.join(GAP).trimEnd();
}
