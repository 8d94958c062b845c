import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import { readRpm, type RpmFacts } from '../../../src/repo/packages/read-rpm.js';
import { rpmBytes } from './rpm-bytes.js';

const DEMO = { name: 'demo', version: '1.0', release: '2' };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-rpm-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function read(bytes: Buffer): Promise<RpmFacts> {
  const path = join(folder, 'x.rpm');
  await writeFile(path, bytes);
  return readRpm(path);
}

describe('readRpm', () => {
  it('reads name, edition and architecture', async () => {
    expect(await read(rpmBytes(DEMO))).toMatchObject({
      name: 'demo',
      nevra: 'demo-1.0-2.noarch',
      architecture: 'noarch',
      isSource: false,
    });
  });

  it('writes an epoch before the version, and none for epoch 0', async () => {
    expect((await read(rpmBytes({ ...DEMO, epoch: 3 }))).nevra).toBe('demo-3:1.0-2.noarch');
    expect((await read(rpmBytes({ ...DEMO, epoch: 0 }))).nevra).toBe('demo-1.0-2.noarch');
  });

  it('tells a source package', async () => {
    expect((await read(rpmBytes({ ...DEMO, isBinary: false }))).isSource).toBe(true);
  });

  it('gives one digest whatever the signature', async () => {
    const digests = await Promise.all(
      ['', 'short', 'a much longer signature of another key'].map(async (signature, index) => {
        const path = join(folder, `${index}.rpm`);
        await writeFile(path, rpmBytes({ ...DEMO, signature: Buffer.from(signature) }));
        return (await readRpm(path)).digest;
      }),
    );

    expect(new Set(digests).size).toBe(1);
  });

  it('gives another digest for another payload or header', async () => {
    const plain = await read(rpmBytes(DEMO));

    const payload = await read(rpmBytes({ ...DEMO, payload: Buffer.from('other') }));
    const header = await read(rpmBytes({ ...DEMO, release: '3' }));

    expect(new Set([plain.digest, payload.digest, header.digest]).size).toBe(3);
  });

  it.each([
    ['an empty file', Buffer.alloc(0), 'it ends at byte 0'],
    ['a text', Buffer.from('<html>'.repeat(50)), 'it does not begin as one'],
    ['a file that was cut', rpmBytes(DEMO).subarray(0, 100), 'it ends at byte 100'],
  ])('refuses %s and names it', async (_what, bytes, why) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: `${join(folder, 'x.rpm')} is no readable RPM: ${why}.`,
    });
  });

  it('answers any damage with an error of ours or with facts', async () => {
    const whole = rpmBytes(DEMO);

    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (position, byte) => {
        const damaged = Buffer.from(whole);
        damaged[position] = byte;
        await read(damaged).catch((error: unknown) => {
          if (!(error instanceof BdeError)) throw error;
        });
      }),
      { numRuns: 200 },
    );
  });
});
