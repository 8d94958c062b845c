import type { ProgressEvent, ProgressView } from '../report/progress.js';
import { Feed } from './progress-feed.js';

/** How stages are shown. */
export interface StageView {
  readonly show: (feed: AsyncIterable<ProgressEvent>, title: string) => Promise<ProgressView>;
  readonly say: (text: string) => void;
}

/** Progress of operations that follow each other in one command: each has a view of its own, and lines before it that introduce it. */
export class ProgressStages {
  readonly #view: StageView;
  #feed = new Feed<ProgressEvent>();
  #shown: Promise<ProgressView>;
  #introduced: Promise<void> = Promise.resolve();

  constructor(title: string, view: StageView) {
    this.#view = view;
    this.#shown = view.show(this.#feed, title);
  }

  push(event: ProgressEvent): void {
    this.#feed.push(event);
  }

  /** Ends the view that there is, says the lines, and shows what is pushed from now on in the next view. */
  next(title: string, lines: Promise<readonly string[]>): void {
    this.#feed.end();
    const [feed, before] = [new Feed<ProgressEvent>(), this.#shown];
    this.#feed = feed;
    this.#introduced = Promise.all([lines, before]).then(([said]) => {
      for (const line of said) this.#view.say(line);
    });
    this.#shown = this.#introduced.then(() => this.#view.show(feed, title));
  }

  /** Resolves once the lines before the last view were said. */
  introduced(): Promise<void> {
    return this.#introduced;
  }

  /** Ends the last view and gives it. */
  end(): Promise<ProgressView> {
    this.#feed.end();
    return this.#shown;
  }
}
