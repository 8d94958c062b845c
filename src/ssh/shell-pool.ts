import type { NodeShell } from './node-shell.js';

/** `bulk` work may last (commands, runs); one place is always left for `control` (fence, kill, look-up). */
export type Priority = 'control' | 'bulk';

/** Warm shells of one connection. */
export interface ShellPool {
  /** Runs work on an idle shell, a new one while there are places, or the next that comes free, first come first served. */
  use<Result>(priority: Priority, work: (shell: NodeShell) => Promise<Result>): Promise<Result>;
  /** Refuses all who wait, with this error. */
  close(error: Error): void;
}

/** Someone who waits for a place. */
interface Waiter {
  readonly priority: Priority;
  start(): void;
  refuse(error: Error): void;
}

/** True for sshd's refusal of one more channel (`MaxSessions`). */
export type IsRefused = (error: unknown) => boolean;

/**
 * A pool of at most `limit` shells: OpenSSH's own limit is 10 channels a connection, and where a server has a lower one,
 * the pool finds out and lives with it.
 */
export function createShellPool(open: () => Promise<NodeShell>, limit: number, isRefused: IsRefused): ShellPool {
  return new BoundedPool(open, limit, isRefused);
}

class BoundedPool implements ShellPool {
  readonly #open: () => Promise<NodeShell>;
  readonly #isRefused: IsRefused;
  readonly #idle: NodeShell[] = [];
  #waiters: readonly Waiter[] = [];
  #places: number;
  #busy = 0;
  #busyWithBulk = 0;
  #closedWith: Error | undefined;

  constructor(open: () => Promise<NodeShell>, limit: number, isRefused: IsRefused) {
    this.#open = open;
    this.#places = limit;
    this.#isRefused = isRefused;
  }

  async use<Result>(priority: Priority, work: (shell: NodeShell) => Promise<Result>): Promise<Result> {
    await this.#place(priority);
    let taken: NodeShell | undefined;
    try {
      taken = await this.#shell();
      return await work(taken);
    } catch (error) {
      // Not the work was refused but its channel, so it has not begun: wait for one of the others.
      if (taken !== undefined || this.#busy <= 1 || !this.#isRefused(error)) throw error;
      this.#places = Math.min(this.#places, this.#busy - 1);
    } finally {
      if (taken?.isUsable() === true) this.#idle.push(taken);
      this.#count(priority, -1);
      this.#startWaiting();
    }
    return this.use(priority, work);
  }

  close(error: Error): void {
    this.#closedWith = error;
    const refused = this.#waiters;
    this.#waiters = [];
    for (const waiter of refused) waiter.refuse(error);
  }

  #place(priority: Priority): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        this.#count(priority, 1);
        resolve();
      };
      if (this.#closedWith !== undefined) reject(this.#closedWith);
      else if (this.#mayStart(priority)) start();
      else this.#waiters = [...this.#waiters, { priority, start, refuse: reject }];
    });
  }

  async #shell(): Promise<NodeShell> {
    for (let found = this.#idle.pop(); found !== undefined; found = this.#idle.pop()) {
      if (found.isUsable()) return found;
    }
    return this.#open();
  }

  #startWaiting(): void {
    for (const priority of ['control', 'bulk'] as const) {
      const waiter = this.#mayStart(priority) ? this.#waiters.find((one) => one.priority === priority) : undefined;
      if (waiter === undefined) continue;
      this.#waiters = this.#waiters.filter((one) => one !== waiter);
      waiter.start();
    }
  }

  #mayStart(priority: Priority): boolean {
    return this.#busy < this.#places && (priority === 'control' || this.#busyWithBulk < Math.max(1, this.#places - 1));
  }

  #count(priority: Priority, change: 1 | -1): void {
    this.#busy += change;
    if (priority === 'bulk') this.#busyWithBulk += change;
  }
}
