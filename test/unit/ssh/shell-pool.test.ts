import { describe, expect, it } from 'vitest';
import type { NodeShell } from '../../../src/ssh/node-shell.js';
import { createShellPool, type Priority } from '../../../src/ssh/shell-pool.js';

/** A pool over shells that only count, with work that ends when told. */
function makePool(limit: number, channels = Infinity) {
  let opened = 0;
  const broken = new Set<string>();
  const pool = createShellPool(
    () => {
      if (opened >= channels) return Promise.reject(new Error('refused'));
      opened += 1;
      const pid = String(opened);
      const shell: NodeShell = {
        pid,
        shared: new Set(),
        isUsable: () => !broken.has(pid),
        close: () => void broken.add(pid),
        exchange: () => Promise.resolve(0),
      };
      return Promise.resolve(shell);
    },
    limit,
    (error) => error instanceof Error && error.message === 'refused',
  );
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string, priority: Priority = 'bulk'): Promise<string> =>
    pool.use(priority, async (shell) => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return shell.pid;
    });
  return { pool, begun, start, end: (name: string) => ends.get(name)?.(), opened: () => opened };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('createShellPool', () => {
  it('uses an idle shell again', async () => {
    const { pool, opened } = makePool(8);

    const pids = [await pool.use('bulk', async ({ pid }) => pid), await pool.use('control', async ({ pid }) => pid)];

    expect([pids, opened()]).toEqual([['1', '1'], 1]);
  });

  it('opens another in place of a broken shell', async () => {
    const { pool } = makePool(8);
    await pool.use('bulk', async (shell) => shell.close());

    expect(await pool.use('bulk', async ({ pid }) => pid)).toBe('2');
  });

  it('leaves the last place to control work', async () => {
    const { begun, start, end } = makePool(3);
    const running = ['a', 'b', 'c'].map((name) => start(name));
    await settle();
    const fence = start('fence', 'control');
    await settle();

    expect(begun).toEqual(['a', 'b', 'fence']);
    for (const name of ['fence', 'a', 'b']) end(name);
    await settle();
    end('c');
    await Promise.all([...running, fence]);
    expect(begun).toEqual(['a', 'b', 'fence', 'c']);
  });

  it('starts those who wait in the order of their coming', async () => {
    const { begun, start, end } = makePool(2);
    const running = ['a', 'b', 'c'].map((name) => start(name));
    for (const name of ['a', 'b', 'c']) {
      await settle();
      end(name);
    }
    await Promise.all(running);

    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('makes do with the channels that a server allows', async () => {
    const { begun, start, end, opened } = makePool(8, 2);
    const running = ['a', 'b', 'c', 'd'].map((name) => start(name));
    for (const name of ['a', 'b', 'c', 'd']) {
      await settle();
      end(name);
    }
    for (const name of ['c', 'd']) {
      await settle();
      end(name);
    }

    await Promise.all(running);
    expect([begun.toSorted(), opened()]).toEqual([['a', 'b', 'c', 'd'], 2]);
  });

  it('fails where not even the first channel opens', async () => {
    const { start } = makePool(8, 0);

    await expect(start('a')).rejects.toThrow('refused');
  });

  it('passes the error of the work on and frees the place', async () => {
    const { pool } = makePool(1);

    await expect(pool.use('bulk', () => Promise.reject(new Error('work')))).rejects.toThrow('work');
    expect(await pool.use('bulk', async ({ pid }) => pid)).toBe('1');
  });

  it('refuses those who wait, and who come later, once closed', async () => {
    const { pool, start, end } = makePool(1);
    const running = start('a');
    await settle();
    const waiting = start('b');

    pool.close(new Error('lost'));

    await expect(waiting).rejects.toThrow('lost');
    await expect(start('c')).rejects.toThrow('lost');
    end('a');
    expect(await running).toBe('1');
  });
});
