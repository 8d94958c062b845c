/** Collects bytes up to a limit. */
export interface BoundedOutput {
  push(chunk: Buffer): void;
  text(): string;
}

/** The first `limit` bytes; the rest is dropped. */
export function createHead(limit: number): BoundedOutput {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    push(chunk) {
      const kept = chunk.subarray(0, limit - size);
      if (kept.length === 0) return;
      chunks.push(kept);
      size += kept.length;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

/** The last `limit` bytes; memory stays below twice that. */
export function createTail(limit: number): BoundedOutput {
  let kept: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      kept = Buffer.concat([kept, chunk.subarray(-limit)]).subarray(-limit);
    },
    text: () => kept.toString('utf8'),
  };
}
