/** A place in a file of a cookbook; line and column are 1-based. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`, as editors and terminals open it. */
export function formatPlace(place: SourcePlace): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** The place that `formatPlace` wrote. */
export function parsePlace(text: string): SourcePlace {
  const [, file = text, line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/s.exec(text) ?? [];
  return { file, line: Number(line), column: Number(column) };
}
