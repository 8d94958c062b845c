import { describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import type { MachineId } from '../../../src/errors/ids.js';
import { Secret } from '../../../src/errors/secret.js';
import type { Clock } from '../../../src/engine/ports/clock.js';
import type { NodeTarget } from '../../../src/engine/ports/nodes.js';
import { connectNode } from '../../../src/ssh/connect-node.js';

const TARGET: NodeTarget = {
  name: 'demo-zk-1',
  machineId: 'M1' as MachineId,
  address: '10.0.0.1',
  port: 22,
  user: 'root',
  hostKey: '',
  privateKey: new Secret(''),
};

/** A clock that only sleeping moves on. */
function makeClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  const now = (): number => slept.reduce((sum, ms) => sum + ms, 0);
  return {
    slept,
    now,
    monotonicMs: now,
    newId: () => 'id',
    randomBytes: (count) => new Uint8Array(count),
    async sleep(ms) {
      slept.push(ms);
    },
  };
}

const refused = (): Promise<never> => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));

function optionsOf(clock: Clock, timeoutMs = 2000, signal = new AbortController().signal) {
  return { clock, timeoutMs, signal, keepaliveMs: 1000 };
}

describe('connectNode', () => {
  it('tries again with growing pauses until an attempt works', async () => {
    const clock = makeClock();
    let attempts = 0;

    const result = await connectNode(TARGET, optionsOf(clock, 60_000), () => {
      attempts += 1;
      return attempts < 7 ? refused() : Promise.resolve('connected');
    });

    expect(result).toBe('connected');
    expect(clock.slept).toEqual([50, 100, 200, 400, 500, 500]);
  });

  it('gives each attempt the time that is left', async () => {
    const left: number[] = [];

    const connecting = connectNode(TARGET, optionsOf(makeClock(), 400), ({ timeoutMs }) => {
      left.push(timeoutMs);
      return refused();
    });

    await expect(connecting).rejects.toThrow();
    expect(left).toEqual([400, 350, 250, 50]);
  });

  it('says where, how long and what the last attempt ran into', async () => {
    const connecting = connectNode(TARGET, optionsOf(makeClock()), refused);

    await expect(connecting).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: 'demo-zk-1 did not answer ssh at 10.0.0.1:22 within 2 s: connection refused',
      subject: { node: 'demo-zk-1' },
      data: { attempts: 7 },
    });
  });

  it('tries again after a connection that ended before its first shell was ready', async () => {
    const answers = [
      (): Promise<string> => Promise.reject(new BdeError('CONNECT_LOST', 'x')),
      () => Promise.resolve('connected'),
    ];

    expect(await connectNode(TARGET, optionsOf(makeClock()), () => answers.shift()?.() ?? refused())).toBe('connected');
  });

  it.each(['HOST_KEY_MISMATCH', 'LOGIN_REFUSED'] as const)('never tries again after %s', async (code) => {
    const clock = makeClock();

    const connecting = connectNode(TARGET, optionsOf(clock), () => Promise.reject(new BdeError(code, 'x')));

    await expect(connecting).rejects.toMatchObject({ code });
    expect(clock.slept).toEqual([]);
  });

  it('gives the reason of an abort in place of the error that it caused', async () => {
    const abort = new AbortController();

    const connecting = connectNode(TARGET, optionsOf(makeClock(), 2000, abort.signal), () => {
      abort.abort(new Error('Ctrl-C'));
      return refused();
    });

    await expect(connecting).rejects.toThrow('Ctrl-C');
  });
});
