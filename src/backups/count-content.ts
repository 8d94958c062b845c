import { createHash } from 'node:crypto';
import type { ArchiveSum } from '../engine/ports/backups.js';
import type { Digest } from '../errors/ids.js';

/** Content that passes, and what it came to once all of it has. */
export class CountedContent implements AsyncIterable<Uint8Array> {
  readonly #content: AsyncIterable<Uint8Array>;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#content = content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of this.#content) {
      this.#hash.update(piece);
      this.#bytes += piece.length;
      yield piece;
    }
  }

  /** To be asked once, at the end. */
  sum(): ArchiveSum {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') as Digest };
  }
}
