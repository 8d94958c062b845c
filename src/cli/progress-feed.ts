/** A feed that one side fills and the other iterates; what is pushed before anyone iterates is kept. */
export class Feed<Item> implements AsyncIterable<Item> {
  #items: Item[] = [];
  #wake: (() => void) | null = null;
  #ended = false;

  push(item: Item): void {
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Item> {
    for (;;) {
      const items = this.#items;
      this.#items = [];
      yield* items;
      if (this.#items.length > 0) continue;
      if (this.#ended) return;
      await this.#filled();
    }
  }

  #filled(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}
