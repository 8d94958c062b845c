import { formatElapsed } from './format-duration.js';
import { clip, plainWidth, toOneLine, type TextWidth } from './plain-text.js';
import { listRows, sortByUrgency, type ProgressRow } from './progress-rows.js';
import { isEnded, type ProgressState, type ProgressView } from './progress.js';

/** What a frame is drawn for. */
export interface FrameOptions {
  /** First line: `create lab`. */
  readonly title: string;
  /** Wall time in milliseconds. */
  readonly now: number;
  /** Size of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly widthOf?: TextWidth;
}

const MARKS: Readonly<Record<ProgressState, string>> = {
  failed: '✗',
  running: '▸',
  waiting: '◦',
  blocked: '■',
  cancelled: '■',
  pending: '·',
  done: '✓',
  unchanged: '✓',
};

/** Said before the note, for those who cannot tell the marks. */
const NOTE_WORDS: Readonly<Partial<Record<ProgressState, string>>> = {
  failed: 'failed',
  waiting: 'waits',
  blocked: 'blocked',
  cancelled: 'cancelled',
};

/**
 * One screen of progress: at most `rows - 1` lines, each at most `columns - 1` wide, so that nothing wraps or scrolls.
 * Failing and running places come first; what does not fit is counted in the last line.
 */
export function renderFrame(view: ProgressView, options: FrameOptions): readonly string[] {
  const rows = sortByUrgency(listRows(view));
  const room = Math.max(1, options.rows - 2);
  const shown = rows.length <= room ? rows : rows.slice(0, room - 1);
  const hidden = rows.slice(shown.length);
  const lines = [renderTitle(view, options), ...renderRows(shown, options), ...renderHidden(hidden)];
  return lines.slice(0, Math.max(1, options.rows - 1)).map((line) => clip(line, options.columns - 1, options.widthOf));
}

/** So many places are read through at the end; of more, those are counted where all is well. */
const FINAL_ROWS = 100;

/** What stays on the screen at the end: every place in its own order, nothing clipped. */
export function renderFinal(view: ProgressView, options: Pick<FrameOptions, 'now' | 'widthOf'>): readonly string[] {
  const rows = listRows(view);
  if (rows.length <= FINAL_ROWS) return renderRows(rows, options);
  const shown = rows.filter(({ state }) => state !== 'done');
  return [...renderRows(shown, options), ...renderHidden(rows.filter(({ state }) => state === 'done'))];
}

function renderTitle(view: ProgressView, { title, now }: FrameOptions): string {
  const steps = Object.values(view.steps);
  const ended = steps.filter((step) => isEnded(step.state)).length;
  const starts = steps.map((step) => step.startedAt).filter((time) => time !== null);
  const elapsed = formatElapsed(now - Math.min(now, ...starts));
  return `${toOneLine(title)} · ${ended} of ${steps.length} steps · ${elapsed}`;
}

function renderRows(rows: readonly ProgressRow[], options: Pick<FrameOptions, 'now' | 'widthOf'>): readonly string[] {
  const widthOf = options.widthOf ?? plainWidth;
  const cells = rows.map((row) => [toOneLine(row.label), stepCell(row), elapsedCell(row, options.now)] as const);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((cell) => widthOf(cell[column] ?? ''))));
  const pad = (text: string, column: number): string => ' '.repeat((widths[column] ?? 0) - widthOf(text));
  return rows.map((row, index) => {
    const [label, step, elapsed] = cells[index] ?? ['', '', ''];
    const line = `${MARKS[row.state]} ${label}${pad(label, 0)}  ${step}${pad(step, 1)}  ${pad(elapsed, 2)}${elapsed}`;
    return `${line}  ${noteCell(row)}`.trimEnd();
  });
}

function stepCell(row: ProgressRow): string {
  return row.state === 'done' ? 'done' : toOneLine(row.step);
}

function elapsedCell(row: ProgressRow, now: number): string {
  return row.startedAt === null ? '' : formatElapsed((row.endedAt ?? now) - row.startedAt);
}

function noteCell({ state, note }: ProgressRow): string {
  if (state === 'done') return '';
  const word = NOTE_WORDS[state];
  if (word === undefined) return toOneLine(note);
  return note === '' ? word : `${word}: ${toOneLine(note)}`;
}

/** `… and 31 more: 20 pending, 11 done` */
function renderHidden(rows: readonly ProgressRow[]): readonly string[] {
  if (rows.length === 0) return [];
  const counts = new Map<ProgressState, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [`… and ${rows.length} more: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ')}`];
}
