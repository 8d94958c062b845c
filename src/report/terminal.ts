import type { WriteStream } from 'node:tty';

/** What the live view needs of a terminal. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  /** Calls the listener after each change of size; gives a function that ends this. */
  onResize(listener: () => void): () => void;
  /** Calls the listener when the process ends before its time; gives a function that ends this. */
  onExit(listener: () => void): () => void;
}

// Serial consoles report a size of 0.
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** The terminal behind a stream whose `isTTY` is true. */
export function terminalOf(stream: WriteStream): Terminal {
  return {
    get columns() {
      return stream.columns || DEFAULT_COLUMNS;
    },
    get rows() {
      return stream.rows || DEFAULT_ROWS;
    },
    write: (text) => {
      stream.write(text);
    },
    onResize: (listener) => {
      stream.on('resize', listener);
      return () => stream.off('resize', listener);
    },
    onExit: (listener) => {
      process.once('exit', listener);
      return () => process.off('exit', listener);
    },
  };
}
