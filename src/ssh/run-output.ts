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
export const RUN_LINE_LIMIT = 64 * 1024;
/** Each line costs memory beyond its bytes. */
export const RUN_LINES_LIMIT = 100_000;
export const RUN_OUTPUT_LIMIT = 16 * 1024 * 1024;

/** At most 100,000 lines of at most 64 KiB out of at most 16 MiB, each given once to `onLine`; the rest is counted and dropped. */
export function createRunOutput(onLine: (line: string) => void): RunOutput {
  let live = false;
  let offset = 0;
  let held: string[] = [];
  let partial: Buffer[] = [];
  let partialLength = 0;
  let droppedLines = 0;
  let lines = 0;

  const deliver = (line: string): void => {
    lines += 1;
    if (lines > RUN_LINES_LIMIT) return;
    if (live) onLine(line);
    else held.push(line);
  };

  const endLine = (): void => {
    if (partialLength > RUN_LINE_LIMIT) droppedLines += 1;
    else deliver(Buffer.concat(partial).toString('utf8'));
    partial = [];
    partialLength = 0;
  };

  const extendLine = (piece: Buffer): void => {
    partialLength += piece.length;
    if (partialLength > RUN_LINE_LIMIT) partial = [];
    // A copy: the chunk it came in may be large, and its memory would be kept for these few bytes.
    else if (piece.length > 0) partial.push(Buffer.from(piece));
  };

  return {
    push(chunk) {
      let rest = chunk.subarray(0, Math.max(0, RUN_OUTPUT_LIMIT - offset));
      offset += chunk.length;
      for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
        extendLine(rest.subarray(0, end));
        endLine();
        rest = rest.subarray(end + 1);
      }
      extendLine(rest);
    },
    restart() {
      offset = 0;
      held = [];
      partial = [];
      partialLength = 0;
      droppedLines = 0;
      lines = 0;
    },
    goLive() {
      live = true;
    },
    finish() {
      if (partialLength > 0) endLine();
      live = true;
      for (const line of held.splice(0)) onLine(line);
    },
    offset: () => offset,
    notes() {
      const notes: string[] = [];
      if (droppedLines > 0) notes.push(`${droppedLines} line(s) of output over 64 KiB were dropped`);
      if (lines > RUN_LINES_LIMIT) notes.push(`${lines - RUN_LINES_LIMIT} line(s) beyond 100,000 were dropped`);
      // The node cuts its file at the same length, so more than that may never arrive.
      if (offset >= RUN_OUTPUT_LIMIT) notes.push('output beyond 16 MiB was dropped');
      return notes;
    },
  };
}
