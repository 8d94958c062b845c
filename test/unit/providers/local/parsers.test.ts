import { describe, expect, it } from 'vitest';
import { parseNeighbours } from '../../../../src/providers/local/foreign-addresses.js';
import { hasFileSystem } from '../../../../src/providers/local/host-needs.js';
import { parseAvailableMemory } from '../../../../src/providers/local/inventory.js';
import { parseMountPoints } from '../../../../src/providers/local/mount-points.js';
import { systemdMachineId } from '../../../../src/providers/local/start-machine.js';

describe('parseMountPoints', () => {
  it('gives mount points in order, spaces decoded', () => {
    const mountinfo = '22 27 0:21 / /proc rw - proc proc rw\n28 27 0:25 / /mnt/my\\040disk ro - tmpfs tmpfs ro\n';

    expect(parseMountPoints(mountinfo)).toEqual(['/proc', '/mnt/my disk']);
  });
});

describe('parseNeighbours', () => {
  it('gives those that answered with a link address', () => {
    const json = JSON.stringify([
      { dst: '10.64.0.10', lladdr: '9a:68:3c:0f:27:d4', state: ['REACHABLE'] },
      { dst: '10.64.0.11', state: ['FAILED'] },
    ]);

    expect(parseNeighbours(json)).toEqual(['10.64.0.10']);
  });
});

describe('parseAvailableMemory', () => {
  it('gives MiB', () => {
    expect(parseAvailableMemory('MemTotal:  24684084 kB\nMemAvailable:  1048576 kB\n')).toBe(1024);
  });
});

describe('hasFileSystem', () => {
  const known = 'nodev\tproc\n\text4\nnodev\toverlay\n';

  it('knows what the kernel has loaded', () => {
    expect(hasFileSystem('overlay', known, '')).toBe(true);
    expect(hasFileSystem('ext4', known, '')).toBe(true);
  });

  it('knows what the kernel can load', () => {
    expect(hasFileSystem('squashfs', known, 'kernel/fs/squashfs/squashfs.ko.xz: kernel/lib/zstd.ko\n')).toBe(true);
  });

  it('misses the rest', () => {
    expect(hasFileSystem('squashfs', known, 'kernel/fs/xfs/xfs.ko:\n')).toBe(false);
  });
});

describe('systemdMachineId', () => {
  it('is what guest-init derives with sha256sum', () => {
    expect(systemdMachineId('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe('8eac53b3f14d71fe51a63af287b39e99');
  });
});
