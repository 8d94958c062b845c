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
  const idle: NodeShell[] = [];
  let waiters: Waiter[] = [];
  let places = limit;
  let busy = 0;
  let busyWithBulk = 0;
  let closedWith: Error | undefined;

  const mayStart = (priority: Priority): boolean =>
    busy < places && (priority === 'control' || busyWithBulk < Math.max(1, places - 1));

  const startWaiting = (): void => {
    for (const priority of ['control', 'bulk'] as const) {
      const waiter = mayStart(priority) ? waiters.find((one) => one.priority === priority) : undefined;
      if (waiter === undefined) continue;
      waiters = waiters.filter((one) => one !== waiter);
      waiter.start();
    }
  };

  const take = (priority: Priority, change: 1 | -1): void => {
    busy += change;
    if (priority === 'bulk') busyWithBulk += change;
  };

  const place = (priority: Priority): Promise<void> =>
    new Promise((resolve, reject) => {
      const start = (): void => {
        take(priority, 1);
        resolve();
      };
      if (closedWith !== undefined) reject(closedWith);
      else if (mayStart(priority)) start();
      else waiters.push({ priority, start, refuse: reject });
    });

  const shell = async (): Promise<NodeShell> => {
    for (let found = idle.pop(); found !== undefined; found = idle.pop()) {
      if (found.isUsable()) return found;
    }
    return open();
  };

  const use = async <Result>(priority: Priority, work: (shell: NodeShell) => Promise<Result>): Promise<Result> => {
    await place(priority);
    let taken: NodeShell | undefined;
    try {
      taken = await shell();
      return await work(taken);
    } catch (error) {
      // Not the work was refused but its channel, so it has not begun: wait for one of the others.
      if (taken !== undefined || busy <= 1 || !isRefused(error)) throw error;
      places = Math.min(places, busy - 1);
    } finally {
      if (taken?.isUsable() === true) idle.push(taken);
      take(priority, -1);
      startWaiting();
    }
    return use(priority, work);
  };

  return {
    use,
    close(error) {
      closedWith = error;
      for (const waiter of waiters.splice(0)) waiter.refuse(error);
    },
  };
}
