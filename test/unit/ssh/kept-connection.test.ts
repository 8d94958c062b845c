import { describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import { keepConnection } from '../../../src/ssh/kept-connection.js';
import type { NodeConnection } from '../../../src/ssh/open-connection.js';
import type { NodeShell } from '../../../src/ssh/node-shell.js';

interface FakeConnection extends NodeConnection {
  lose(): void;
  isClosed(): boolean;
}

/** A connection whose one shell bears its name. */
function connectionOf(pid: string): FakeConnection {
  let alive = true;
  let closed = false;
  const shell: NodeShell = {
    pid,
    shared: new Set(),
    isUsable: () => true,
    close: () => undefined,
    exchange: () => Promise.resolve(0),
  };
  return {
    shells: { use: (_, work) => work(shell), close: () => undefined },
    isAlive: () => alive,
    lose: () => (alive = false),
    isClosed: () => closed,
    close: () => (closed = true),
  };
}

const lost = (): Promise<never> => Promise.reject(new BdeError('CONNECT_LOST', 'lost'));
const nameOf = ({ pid }: NodeShell): Promise<string> => Promise.resolve(pid);

describe('keepConnection', () => {
  it('works on the first connection while it lives', async () => {
    const kept = keepConnection(connectionOf('first'), 'n', () => Promise.resolve(connectionOf('second')));

    expect(await kept.use('bulk', nameOf)).toBe('first');
  });

  it('connects anew once for all who find it lost', async () => {
    const first = connectionOf('first');
    let count = 0;
    const kept = keepConnection(first, 'n', () => Promise.resolve(connectionOf(`${(count += 1)}`)));
    first.lose();

    const names = await Promise.all([kept.use('bulk', nameOf), kept.use('control', nameOf), kept.repeat(nameOf)]);

    expect(names).toEqual(['1', '1', '1']);
  });

  it('repeats work that a loss interrupted, and counts', async () => {
    const first = connectionOf('first');
    const kept = keepConnection(first, 'n', () => Promise.resolve(connectionOf('second')));
    const attempts: string[] = [];

    const name = await kept.repeat((shell, attempt) => {
      attempts.push(`${shell.pid} ${attempt}`);
      if (attempt > 1) return nameOf(shell);
      first.lose();
      return lost();
    });

    expect([name, attempts]).toEqual(['second', ['first 1', 'second 2']]);
  });

  it('gives up repeating after three losses', async () => {
    const kept = keepConnection(connectionOf('first'), 'n', () => Promise.resolve(connectionOf('second')));
    let attempts = 0;

    const repeating = kept.repeat(() => {
      attempts += 1;
      return lost();
    });

    await expect(repeating).rejects.toMatchObject({ code: 'CONNECT_LOST' });
    expect(attempts).toBe(3);
  });

  it('does not begin other work again', async () => {
    const kept = keepConnection(connectionOf('first'), 'n', () => Promise.resolve(connectionOf('second')));
    let attempts = 0;

    const using = kept.use('bulk', () => {
      attempts += 1;
      return lost();
    });

    await expect(using).rejects.toMatchObject({ code: 'CONNECT_LOST' });
    expect(attempts).toBe(1);
  });

  it('tries to connect again at the next work when it could not', async () => {
    const first = connectionOf('first');
    const answers = [
      (): Promise<NodeConnection> => Promise.reject(new BdeError('CONNECT_FAILED', 'away')),
      () => Promise.resolve(connectionOf('back')),
    ];
    const kept = keepConnection(first, 'n', () => answers.shift()?.() ?? lost());
    first.lose();

    await expect(kept.use('bulk', nameOf)).rejects.toThrow('away');
    expect(await kept.use('bulk', nameOf)).toBe('back');
  });

  it('stops a reconnect and refuses work once closed', async () => {
    const first = connectionOf('first');
    const kept = keepConnection(
      first,
      'n',
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    );
    first.lose();
    const waiting = kept.use('bulk', nameOf);
    const failed = expect(waiting).rejects.toMatchObject({
      code: 'CONNECT_LOST',
      message: 'the connection to n was closed',
    });
    await new Promise((resolve) => setImmediate(resolve));

    kept.close();

    await failed;
    await expect(kept.use('bulk', nameOf)).rejects.toMatchObject({ code: 'CONNECT_LOST' });
    expect(first.isClosed()).toBe(true);
  });
});
