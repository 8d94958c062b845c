import type { StepId } from '../errors/ids.js';
import type { Step } from '../plan/plan.js';

/** Which steps may start, and which never will: each step and each wait is looked at once, however many there are. */
export class StepOrder {
  readonly #places: ReadonlyMap<Step, number>;
  readonly #followers = new Map<StepId, Step[]>();
  /** How many steps each still waits for. */
  readonly #open = new Map<Step, number>();
  #ready: Step[] = [];
  readonly #blocked: Step[] = [];

  constructor(steps: readonly Step[]) {
    this.#places = new Map(steps.map((step, place) => [step, place]));
    for (const step of steps) this.#enter(step);
  }

  /** The step ended well: those that waited for it alone are ready. */
  pass(id: StepId): void {
    for (const step of this.#followers.get(id) ?? []) {
      const open = (this.#open.get(step) ?? 0) - 1;
      this.#open.set(step, open);
      if (open === 0) this.#ready.push(step);
    }
    this.#followers.delete(id);
  }

  /** The step ended badly: nobody who waits for it will ever start. */
  block(id: StepId): void {
    for (const step of this.#followers.get(id) ?? []) this.#blocked.push(step);
    this.#followers.delete(id);
  }

  /** Steps that became ready since this was last asked, in the order of the plan. Some may have ended long ago. */
  takeReady(): readonly Step[] {
    const ready = this.#ready.sort((one, other) => this.#placeOf(one) - this.#placeOf(other));
    this.#ready = [];
    return ready;
  }

  /** The next step that is blocked; it may be told more than once. */
  takeBlocked(): Step | undefined {
    return this.#blocked.shift();
  }

  #enter(step: Step): void {
    this.#open.set(step, step.after.length);
    if (step.after.length === 0) this.#ready.push(step);
    for (const id of step.after) {
      const followers = this.#followers.get(id);
      if (followers === undefined) this.#followers.set(id, [step]);
      else followers.push(step);
    }
  }

  #placeOf(step: Step): number {
    return this.#places.get(step) ?? 0;
  }
}
