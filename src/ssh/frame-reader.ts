/** What comes out of one stream of an exchange. */
export interface FrameSink {
  /** What programs printed, byte for byte; chunks as they come. */
  onData(chunk: Buffer): void;
  /** The words of a frame: what `node-shell.sh` itself said. */
  onFrame(words: readonly string[]): void;
}

const FRAME_START = 0x01;
const NEWLINE = 0x0a;
/** What a node says of itself is a few words, or the sums of all contents that a run may have. */
const FRAME_LIMIT = 256 * 1024;

/**
 * Tells frames (`^AMARK WORDS\n`) from what programs print around them. The mark is new and unguessable for each exchange,
 * so no output can pass for a frame. Data is passed on at once, unless it ends in what may become a frame: frames begin
 * with a byte that text does not have, so that no line waits for the next one.
 *
 * @throws RangeError, from the reader, where a frame has no end
 */
export function createFrameReader(mark: string, sink: FrameSink): (chunk: Buffer) => void {
  const start = Buffer.from(`\x01${mark} `);
  let pending: Buffer = Buffer.alloc(0);

  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const at = pending.indexOf(start);
      const dataEnd = at === -1 ? pending.length - partialLength(pending, start) : at;
      if (dataEnd > 0) sink.onData(pending.subarray(0, dataEnd));
      pending = pending.subarray(dataEnd);
      const end = at === -1 ? -1 : pending.indexOf(NEWLINE, start.length);
      if (end === -1) {
        if (pending.length > FRAME_LIMIT) throw new RangeError(`a frame is longer than ${FRAME_LIMIT} bytes`);
        return;
      }
      const words = pending.toString('utf8', start.length, end).split(' ');
      pending = pending.subarray(end + 1);
      sink.onFrame(words);
    }
  };
}

/** How many bytes at the end may be the beginning of a frame. */
function partialLength(data: Buffer, start: Buffer): number {
  const at = data.lastIndexOf(FRAME_START);
  const length = data.length - at;
  if (at === -1 || length >= start.length) return 0;
  return data.subarray(at).equals(start.subarray(0, length)) ? length : 0;
}
