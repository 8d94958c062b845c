import { describe, expect, it } from 'vitest';
import { pinHome, readPinnedContent, readPins, writePins, type PinnedHome } from '../../../src/engine/pins.js';
import type { Digest } from '../../../src/errors/ids.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { sampleRequest } from './sample-cluster.js';

const HOME: PinnedHome = {
  template: 'aa' as Digest,
  network: 'n',
  prefixLength: 24,
  hostAddress: '10.0.0.1',
  caCertificate: 'CA',
  packageKeys: { key: 'K' },
  mirrorUrl: null,
  locks: [],
};

describe('pins', () => {
  it('give back all that was pinned', async () => {
    const { blobs } = createMemoryStore();
    const { resolved, distro, cookbooks } = sampleRequest();

    const source = {
      text: '{}',
      label: 'test',
      distro: resolved.distro,
      sizes: { SMALL: { cpuCount: 1, memoryMiB: 512, diskGiB: 4 } },
    };

    const pins = await writePins(blobs, { resolved, distro, cookbooks, source });

    expect(await readPinnedContent(blobs, pins)).toEqual({ resolved, distro, cookbooks, source, home: null });
  });

  it('of the same inputs are the same', async () => {
    const { blobs } = createMemoryStore();

    expect(await writePins(blobs, sampleRequest())).toBe(await writePins(blobs, sampleRequest()));
  });

  it('take on what a prepared home gave, and nothing else changes', async () => {
    const { blobs } = createMemoryStore();
    const pins = await writePins(blobs, sampleRequest());

    const pinned = await pinHome(blobs, pins, HOME);

    expect(pinned).not.toBe(pins);
    expect(await readPinnedContent(blobs, pinned)).toEqual({ ...(await readPinnedContent(blobs, pins)), home: HOME });
  });

  it('of a newer format are refused', async () => {
    const { blobs } = createMemoryStore();
    const digest = await blobs.put(Buffer.from('{"formatVersion":2}'));

    await expect(readPins(blobs, digest)).rejects.toMatchObject({ code: 'STATE_INVALID', exitCode: 9 });
  });
});
