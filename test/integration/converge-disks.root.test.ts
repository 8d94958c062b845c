import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { LoopDisk, run } from './converge-loop-disk.js';
import { OwnMounts } from './converge-own-mounts.js';
import { describeInTurns } from './converge-support.js';

const CHANGED = ['would-change', 'changed', 'unchanged'];
/** Below this mkfs.xfs makes none. */
const XFS_MINIMUM_MIB = 300;
const KEPT = ['unchanged', 'unchanged', 'unchanged'];

describeInTurns('disks', (shell, it) => {
  let own: OwnMounts;
  let disk: LoopDisk;

  beforeEach(async () => {
    own = await OwnMounts.make(shell);
    disk = new LoopDisk(own.path('image'), 32);
  });
  afterEach(async () => {
    await own.remove();
    disk.detach();
  });

  const growTo = (sizeMiB: number) => {
    disk.detach();
    disk = new LoopDisk(own.path('image'), sizeMiB);
  };

  /** Asks for a filesystem, and gives why that is refused; nothing on the disk may change by it. */
  const refusal = (wanted: object = { fstype: 'ext4' }) => {
    const before = disk.sum();
    const [foretold, applied] = own.converge({ disk: disk.device, ...wanted });
    expect(applied?.[0]).toBe('failed');
    expect(foretold).toEqual(applied);
    expect(disk.sum()).toBe(before);
    return applied?.[1];
  };

  it.each([
    ['ext4', 'data-1'],
    ['xfs', 'data-1'],
    ['vfat', 'DATA_1'],
    ['swap', 'data-1'],
  ])('get %s where they are blank, once', (fstype, label) => {
    if (fstype === 'xfs') growTo(XFS_MINIMUM_MIB);
    expect(own.outcomes({ disk: disk.device, fstype, label })).toEqual(CHANGED);
    expect([disk.type(), run('blkid', '-p', '-s', 'LABEL', '-o', 'value', disk.device).trim()]).toEqual([
      fstype,
      label,
    ]);
    expect(own.outcomes({ disk: disk.device, fstype })).toEqual(KEPT);
  });

  it('are found by a link to them', () => {
    own.sh(`mount -t tmpfs x /dev/shm && ln -s ${disk.device} /dev/shm/data`);

    expect(own.outcomes({ disk: '/dev/shm/data', fstype: 'ext4' })).toEqual(CHANGED);
    expect(disk.type()).toBe('ext4');
  });

  it('are refused where they hold another filesystem, with its kind', () => {
    run('mkfs.vfat', '-I', disk.device);

    expect(refusal()).toBe(`${disk.device} holds vfat instead of ext4`);
  });

  it('are refused where they have another label', () => {
    run('mkfs.ext4', '-q', '-L', 'mine', disk.device);

    expect(refusal({ fstype: 'ext4', label: 'yours' })).toBe(
      `${disk.device} holds ext4 labelled "mine" instead of "yours"`,
    );
  });

  it.each(['gpt', 'dos'])('are refused where they have a partition table of type %s', (type) => {
    own.sh(`printf 'label: ${type}\\n,,L\\n' | sfdisk -q ${disk.device}`);

    expect(refusal()).toMatch(
      new RegExp(`^${disk.device} (?:has a partition table of type ${type}|is not blank: .*)$`),
    );
  });

  it('are refused where they are a physical volume of LVM', () => {
    writePhysicalVolume(disk);

    expect(refusal()).toBe(`${disk.device} holds LVM2_member instead of ext4`);
  });

  it.each([
    ['1.2, behind a gap', 4096, 8],
    ['1.1, at the begin', 0, 0],
  ])('are refused where they are part of a RAID of version %s', (_name, offset, sector) => {
    const superblock = Buffer.alloc(4096);
    superblock.writeUInt32LE(0xa92b4efc, 0);
    superblock.writeUInt32LE(1, 4);
    superblock.writeBigUInt64LE(BigInt(sector), 144);
    writeAt(disk, superblock, offset);

    expect(refusal()).toBe(`${disk.device} holds linux_raid_member instead of ext4`);
  });

  it('are refused where something is made of them that left no signature', () => {
    const holders = `/sys/class/block/${disk.device.replace('/dev/', '')}/holders`;
    own.sh(`mkdir holders && touch holders/md127 && mount --bind holders ${holders}`);

    expect(refusal()).toBe(`${disk.device} is not blank: md127 is made of it`);
  });

  it('are refused where they are in use as swap', () => {
    own.sh(`printf '${disk.device} partition 32764 0 -2\n' >swaps && mount --bind swaps /proc/swaps`);

    expect(refusal()).toBe(`${disk.device} is not blank: it is in use as swap`);
  });

  it('are refused where they are encrypted', () => {
    writeAt(disk, Buffer.from('LUKS\xba\xbe\0\x01', 'latin1'), 0);

    expect(refusal()).toBe(`${disk.device} holds crypto_LUKS instead of ext4`);
  });

  it.each([
    ['at its begin', 4096],
    ['at its end', 32 * 1024 * 1024 - 1],
  ])('are refused where they hold data without a signature %s', (_name, offset) => {
    writeAt(disk, Buffer.from('x'), offset);

    expect(refusal()).toMatch(/is not blank: it holds data of no known kind/);
  });

  it('are refused where they are mounted', () => {
    own.sh(`mkfs.ext4 -q ${disk.device} && mkdir mnt && mount ${disk.device} mnt && wipefs -qaf ${disk.device}`);

    const [, applied] = own.converge({ disk: disk.device, fstype: 'xfs' });

    expect(applied?.[0]).toBe('failed');
    expect(applied?.[1]).toMatch(/is not blank: it is mounted at .*\/mnt|holds ext4/);
  });

  it('are refused where they are read-only', () => {
    run('blockdev', '--setro', disk.device);

    expect(refusal()).toBe(`${disk.device} is not blank: it is read-only`);
  });

  it('are refused where they are not there, and not known yet in a check', () => {
    const script = own.compile([
      { execute: 'x', command: 'true', creates: '@/never' },
      { disk: '/dev/none', fstype: 'ext4' },
    ]);

    expect(own.converge({ disk: '/dev/none', fstype: 'ext4' })[1]).toEqual([
      'failed',
      'there is no block device /dev/none',
    ]);
    expect(own.run(script, 'check').lines[1]?.outcome).toBe('unknown');
  });

  describe('with a partition', () => {
    const wanted = () => ({ disk: disk.device, fstype: 'ext4', label: 'data', partition: true });

    it('get a table, a partition over all of it and a filesystem there', () => {
      expect(own.outcomes(wanted())).toEqual(CHANGED);
      expect([disk.type('p1'), disk.type()]).toEqual(['ext4', '']);
      expect(run('sfdisk', '-d', disk.device)).toContain('label: gpt');
    });

    it('get the filesystem that a killed run left to be made', () => {
      own.sh(`printf 'label: gpt\\n,,L\\n' | sfdisk -q ${disk.device}`);

      expect(own.outcomes(wanted())).toEqual(CHANGED);
      expect(disk.type('p1')).toBe('ext4');
    });

    it.each([
      ["'label: gpt\\n,8M,L\\n,,L\\n'", /has several partitions: 1 2$/],
      ["'label: gpt\\n'", /has a partition table without partitions$/],
      ["'label: dos\\n,,L\\n'", /has a partition table of type dos$/],
    ])('are refused where the table is another: %s', (table, said) => {
      own.sh(`printf ${table} | sfdisk -q ${disk.device}`);

      expect(refusal(wanted())).toMatch(said);
    });

    it('are refused where the partition holds something else', () => {
      own.sh(`printf 'label: gpt\\n,,L\\n' | sfdisk -q ${disk.device}`);
      own.sh(`partx -u ${disk.device} && mkfs.vfat ${disk.device}p1`);

      expect(refusal(wanted())).toBe(`${disk.device}p1 holds vfat instead of ext4`);
    });

    it('are refused where the whole disk holds a filesystem', () => {
      run('mkfs.ext4', '-q', disk.device);

      expect(refusal(wanted())).toBe(`${disk.device} holds ext4 and no partition table`);
    });
  });
});

/** Writes the first sectors of a physical volume of LVM, with the checksum that blkid asks for. */
function writePhysicalVolume(disk: LoopDisk): void {
  const label = Buffer.alloc(512);
  label.write('LABELONE', 0);
  label.writeBigUInt64LE(1n, 8);
  label.writeUInt32LE(32, 20);
  label.write('LVM2 001', 24);
  label.write('x'.repeat(32), 32);
  label.writeUInt32LE(~crc32(label.subarray(20), ~LVM_CRC_START >>> 0) >>> 0, 16);
  writeAt(disk, label, 512);
}

/** The start value of LVM's checksum, which is not inverted as the one of zip is. */
const LVM_CRC_START = 0xf597a6cf;

function writeAt(disk: LoopDisk, bytes: Buffer, offset: number): void {
  const device = openSync(disk.device, 'r+');
  writeSync(device, bytes, 0, bytes.length, offset);
  closeSync(device);
}
