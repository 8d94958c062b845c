/** Takes a run's output as bytes and gives its lines. */
export interface RunOutput {
  push(chunk: Buffer): void;
  /** The run begins anew: what came so far was only probing. Call before the first byte of a detached copy, or of a new start. */
  restart(): void;
  /** From here on lines are delivered as they come. */
  goLive(): void;
  /** The run has ended: delivers what was held back and a last line without newline. */
  finish(): void;
  /** Bytes so far: where to go on after a lost connection. */
  offset(): number;
  /** What was dropped, one sentence each. */
  notes(): readonly string[];
}

const NEWLINE = 0x0a;
/** Bytes of one line; a longer one is dropped whole. */
export const RUN_LINE_LIMIT = 64 * 1024;
/** Each line costs memory beyond its bytes. */
export const RUN_LINES_LIMIT = 100_000;
/** Bytes of all lines of a run. */
export const RUN_OUTPUT_LIMIT = 16 * 1024 * 1024;

/** At most 100,000 lines of at most 64 KiB out of at most 16 MiB, each given once to `onLine`; the rest is counted and dropped. */
export function createRunOutput(onLine: (line: string) => void): RunOutput {
  return new BoundedOutput(onLine);
}

class BoundedOutput implements RunOutput {
  readonly #onLine: (line: string) => void;
  #isLive = false;
  #offset = 0;
  #held: string[] = [];
  #partial: Buffer[] = [];
  #partialLength = 0;
  #droppedLines = 0;
  #lines = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let rest = chunk.subarray(0, Math.max(0, RUN_OUTPUT_LIMIT - this.#offset));
    this.#offset += chunk.length;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      this.#extendLine(rest.subarray(0, end));
      this.#endLine();
      rest = rest.subarray(end + 1);
    }
    this.#extendLine(rest);
  }

  restart(): void {
    this.#offset = 0;
    this.#held = [];
    this.#partial = [];
    this.#partialLength = 0;
    this.#droppedLines = 0;
    this.#lines = 0;
  }

  goLive(): void {
    this.#isLive = true;
  }

  finish(): void {
    if (this.#partialLength > 0) this.#endLine();
    this.#isLive = true;
    for (const line of this.#held.splice(0)) this.#onLine(line);
  }

  offset(): number {
    return this.#offset;
  }

  notes(): readonly string[] {
    const notes: string[] = [];
    if (this.#droppedLines > 0) notes.push(`${this.#droppedLines} line(s) of output over 64 KiB were dropped`);
    if (this.#lines > RUN_LINES_LIMIT) {
      notes.push(`${this.#lines - RUN_LINES_LIMIT} line(s) beyond 100,000 were dropped`);
    }
    // The node cuts its file at the same length, so more than that may never arrive.
    if (this.#offset >= RUN_OUTPUT_LIMIT) notes.push('output beyond 16 MiB was dropped');
    return notes;
  }

  #extendLine(piece: Buffer): void {
    this.#partialLength += piece.length;
    if (this.#partialLength > RUN_LINE_LIMIT) this.#partial = [];
    // A copy: the chunk it came in may be large, and its memory would be kept for these few bytes.
    else if (piece.length > 0) this.#partial.push(Buffer.from(piece));
  }

  #endLine(): void {
    if (this.#partialLength > RUN_LINE_LIMIT) this.#droppedLines += 1;
    else this.#deliver(Buffer.concat(this.#partial).toString('utf8'));
    this.#partial = [];
    this.#partialLength = 0;
  }

  #deliver(line: string): void {
    this.#lines += 1;
    if (this.#lines > RUN_LINES_LIMIT) return;
    if (this.#isLive) this.#onLine(line);
    else this.#held.push(line);
  }
}
