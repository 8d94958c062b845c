import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import { tellHostRefusals } from '../../../src/errors/host-refusal.js';

/** What Node makes of a full disk; the real one takes root to provoke. */
function fullDisk(): Error {
  const text = "ENOSPC: no space left on device, copyfile '/cache/a' -> '/data/a'";
  return Object.assign(new Error(text), { code: 'ENOSPC', syscall: 'copyfile', path: '/cache/a', dest: '/data/a' });
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('tellHostRefusals', () => {
  it('gives what the work gives', async () => {
    expect(await tellHostRefusals('PROVIDER_FAILED', Promise.resolve(7))).toBe(7);
  });

  it('names call, file, reason and way out where a disk is full', async () => {
    const error = await thrownBy(tellHostRefusals('TEMPLATE_FAILED', Promise.reject(fullDisk())));

    expect(error).toBeInstanceOf(BdeError);
    expect(error).toMatchObject({
      code: 'TEMPLATE_FAILED',
      message: 'The host refused copyfile of /data/a: no space left on device.',
      hint: 'Free space on the disk that holds it, then run the command again.',
      subject: { file: '/data/a' },
    });
  });

  it('leaves every other error as it is', async () => {
    const bug = new TypeError('x is not a function');

    expect(await thrownBy(tellHostRefusals('PROVIDER_FAILED', Promise.reject(bug)))).toBe(bug);
    expect(await thrownBy(tellHostRefusals('PROVIDER_FAILED', readFile('/nowhere/x')))).toMatchObject({
      code: 'ENOENT',
    });
  });
});
