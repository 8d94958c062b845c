import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MachineId } from '../../../../src/errors/ids.js';
import { hostLink, localHome, machineFolder, nspawnName } from '../../../../src/providers/local/local-home.js';

const home = localHome({
  homeKey: '0a1b2c3d',
  dataRoot: '/var/lib/bde-local',
  cacheRoot: '/var/cache/bde',
  run: () => Promise.reject(new Error('no command is run here')),
  graceMs: 1000,
});

describe('localHome', () => {
  it('puts the home key into every name on the host', () => {
    const { bridge, anchor, nftTable, cgroup, dataDir } = home;

    expect([bridge, ...anchor, nftTable, cgroup, dataDir]).toEqual([
      'bde0a1b2c3d',
      'bdea0a1b2c3d',
      'bdeb0a1b2c3d',
      'bde0a1b2c3d',
      'bde-0a1b2c3d',
      '/var/lib/bde-local/0a1b2c3d',
    ]);
  });

  it('keeps the guest data inside of the upper folder', () => {
    const folder = machineFolder(home, 'M1' as MachineId);

    expect(folder.upper).toBe('/var/lib/bde-local/0a1b2c3d/machines/M1/u');
    expect(folder.guest).toBe('/var/lib/bde-local/0a1b2c3d/machines/M1/u/etc/bde/guest');
  });
});

describe('links of machines', () => {
  it('are named after home and address', () => {
    expect(nspawnName(home, '10.64.3.10')).toBe('0a1b2c3d030a');
    expect(hostLink(home, '10.64.3.10')).toBe('vb-0a1b2c3d030a');
  });

  it('have names of 15 characters, unlike for each address of a network', () => {
    const last = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(last, last, (a, b) => {
        const [one, two] = [hostLink(home, `10.64.3.${a}`), hostLink(home, `10.64.3.${b}`)];

        expect(one).toHaveLength(15);
        expect(one === two).toBe(a === b);
      }),
    );
  });
});
