/** A moment to wait for, once. */
export class Signal {
  readonly raised: Promise<void>;
  #raise: () => void = () => undefined;

  constructor() {
    this.raised = new Promise((resolve) => {
      this.#raise = resolve;
    });
  }

  raise(): void {
    this.#raise();
  }
}
