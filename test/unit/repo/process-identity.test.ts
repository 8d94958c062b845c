import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identifyProcess, isAlive } from '../../../src/repo/serve/process-identity.js';

describe('identifyProcess', () => {
  it('tells this process apart from one of the same pid', async () => {
    const self = await identifyProcess(process.pid);
    if (self === undefined) throw new Error('this process is not found');

    expect(await isAlive(self)).toBe(true);
    expect(await isAlive({ ...self, startTime: '1' })).toBe(false);
    expect(await isAlive({ ...self, bootId: 'before' })).toBe(false);
  });

  it('finds no process that has ended', async () => {
    const child = spawn('true');
    const pid = child.pid ?? 0;
    await once(child, 'exit');

    expect(await identifyProcess(pid)).toBeUndefined();
  });
});
