import type { TextWidth } from './plain-text.js';
import { ProgressLog, type ProgressEvent, type ProgressView } from './progress.js';
import { renderFinal, renderFrame } from './render-progress.js';
import type { Terminal } from './terminal.js';

/** How the live view gets its title, time and text widths. */
export interface LiveViewOptions {
  /** First line: `create lab`. */
  readonly title: string;
  /** Wall time in milliseconds. */
  readonly now: () => number;
  readonly widthOf?: TextWidth;
}

/** Often enough for a clock of seconds, seldom enough to cost nothing. */
const FRAME_MS = 125;

// The alternate screen: a terminal that shrinks rewraps the lines of its normal screen before we hear of it, and what was
// pushed into the scrollback then can never be erased. Lines of the alternate screen leave no trace.
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR = '\u001b[2J';
const ERASE_TO_LINE_END = '\u001b[K';
const ERASE_BELOW = '\u001b[J';

/**
 * Shows a feed of progress as one screen that is redrawn in place, until the feed ends; then leaves the final state of
 * every place as plain lines. Gives the last view. A feed that throws leaves the terminal in order too.
 */
export async function showLiveProgress(
  feed: AsyncIterable<ProgressEvent>,
  terminal: Terminal,
  options: LiveViewOptions,
): Promise<ProgressView> {
  const view = new ProgressLog();
  const screen = openScreen(view, terminal, options);
  try {
    for await (const event of feed) view.note(event);
  } finally {
    screen.close();
    for (const line of renderFinal(view, frameOptions(options))) terminal.write(`${line}\n`);
  }
  return view;
}

interface Screen {
  close(): void;
}

/** Draws what the view is at each frame. */
function openScreen(view: ProgressView, terminal: Terminal, options: LiveViewOptions): Screen {
  let drawn = '';
  const draw = (): void => {
    const size = { columns: terminal.columns, rows: terminal.rows };
    const lines = renderFrame(view, { title: options.title, ...frameOptions(options), ...size });
    const frame = lines.map((line) => line + ERASE_TO_LINE_END).join('\r\n');
    if (frame === drawn) return;
    terminal.write(HOME + frame + ERASE_BELOW);
    drawn = frame;
  };
  const redraw = (): void => {
    drawn = '';
    terminal.write(CLEAR);
    draw();
  };
  terminal.write(ENTER);
  const timer = setInterval(draw, FRAME_MS);
  const forgetResize = terminal.onResize(redraw);
  const forgetExit = terminal.onExit(() => terminal.write(LEAVE));
  draw();
  return {
    close: () => {
      clearInterval(timer);
      forgetResize();
      forgetExit();
      terminal.write(LEAVE);
    },
  };
}

function frameOptions(options: LiveViewOptions): { readonly now: number; readonly widthOf?: TextWidth } {
  return { now: options.now(), ...(options.widthOf === undefined ? {} : { widthOf: options.widthOf }) };
}
