import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect } from 'vitest';
import { LoopDisk, run } from './converge-loop-disk.js';
import { OwnMounts } from './converge-own-mounts.js';
import { describeInTurns } from './converge-support.js';

const CHANGED = ['would-change', 'changed', 'unchanged'];
const HEAD = '# a table of the test\n';

describeInTurns('mounts', (shell, it) => {
  let own: OwnMounts;

  beforeEach(async () => {
    own = await OwnMounts.make(shell);
  });
  afterEach(() => own.remove());

  const optionsOf = (name: string) =>
    own
      .sh(`findmnt -n -o OPTIONS -M "${own.path(name)}"`)
      .trim()
      .split(',');
  const isMounted = (name: string) => own.sh(`findmnt -n -M "${own.path(name)}" || :`) !== '';
  const memory = (extra: object = {}) => ({ mount: '@/my data', device: 'tmpfs', fstype: 'tmpfs', ...extra });

  it('are made, with their folder and their line', () => {
    const told = own.converge(memory({ options: 'size=1m,noexec' }));

    expect(told).toEqual([
      ['would-change', '/etc/fstab, not mounted'],
      ['changed', '/etc/fstab, not mounted'],
      ['unchanged', undefined],
    ]);
    expect(own.fstab()).toBe(`${HEAD}tmpfs ${own.path('my\\040data')} tmpfs size=1m,noexec 0 0\n`);
    expect(optionsOf('my data')).toContain('noexec');
  });

  it('are found again by mount itself, by the line alone', () => {
    own.outcomes(memory());
    own.sh(`umount "${own.path('my data')}" && mount "${own.path('my data')}"`);

    expect(own.outcomes(memory())).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  it('come back where somebody took them away, or the line', () => {
    own.outcomes(memory());
    own.sh(`umount "${own.path('my data')}"`);
    const mounted = own.converge(memory());
    writeFileSync(`${own.etc}/fstab`, HEAD);
    const written = own.converge(memory());

    expect([mounted.map(([outcome]) => outcome), written.map(([outcome]) => outcome)]).toEqual([CHANGED, CHANGED]);
    expect([mounted[1]?.[1], written[1]?.[1]]).toEqual([
      'not mounted',
      '/etc/fstab, mounted without what the table says',
    ]);
    expect(own.fstab()).toContain('tmpfs');
  });

  it('get other options by a remount, and keep what is in them', () => {
    own.outcomes(memory({ options: 'size=1m,noexec' }));
    own.sh(`echo kept >"${own.path('my data')}/file"`);

    const outcomes = own.outcomes(memory({ options: 'size=2m,nosuid' }));

    expect(outcomes).toEqual(CHANGED);
    expect(optionsOf('my data')).toEqual(expect.arrayContaining(['nosuid', 'size=2048k']));
    expect(optionsOf('my data')).not.toContain('noexec');
    expect(own.sh(`cat "${own.path('my data')}/file"`)).toBe('kept\n');
  });

  it('get options back that somebody changed by hand', () => {
    own.outcomes(memory({ options: 'noexec' }));
    own.sh(`mount -o remount,exec,ro "${own.path('my data')}"`);

    const told = own.converge(memory({ options: 'noexec' }));

    expect(told.map(([outcome]) => outcome)).toEqual(CHANGED);
    expect(told[1]?.[1]).toBe('mounted without the opposite of ro');
    expect(optionsOf('my data')).toEqual(expect.arrayContaining(['rw', 'noexec']));
  });

  it('are remounted by the next run where a kill came before the line was written', () => {
    own.outcomes(memory({ options: 'size=1m' }));
    const script = own.compile([memory({ options: 'size=2m' })]);

    const killed = own.run(script.replace(/^bde_edit_act\(\).*$/m, () => 'bde_edit_act() { kill -9 $$; }'));
    const [line, options] = [own.fstab(), optionsOf('my data')];
    const next = own.run(script);

    expect([killed.lines, line.includes('size=1m'), options.includes('size=2048k')]).toEqual([[], true, true]);
    expect(next.lines[0]).toMatchObject({
      outcome: 'changed',
      detail: expect.stringContaining('/etc/fstab') as string,
    });
    expect(own.fstab()).toContain('size=2m');
  });

  it('show a folder at a second place, read-only where asked', () => {
    mkdirSync(own.path('from'));
    writeFileSync(own.path('from/file'), 'x');
    const bind = { mount: '@/to', device: '@/from', options: 'bind,ro' };

    expect(own.outcomes(bind)).toEqual(CHANGED);
    expect(own.sh(`cat ${own.path('to/file')}`)).toBe('x');
    expect(optionsOf('to')).toContain('ro');
    expect(own.outcomes({ ...bind, options: 'bind' })).toEqual(CHANGED);
  });

  it('show a file at a second place', () => {
    writeFileSync(own.path('from'), 'x');

    expect(own.outcomes({ mount: '@/deep/to', device: '@/from', options: 'bind' })).toEqual(CHANGED);
    expect(own.sh(`cat ${own.path('deep/to')}`)).toBe('x');
  });

  it('are of the filesystem that has this UUID, label or name', () => {
    const disk = new LoopDisk(own.path('image'), 16);
    try {
      run('mkfs.ext4', '-q', '-L', 'bde-demo', '-U', '1a1571bf-f292-45f1-9092-e2d5a3487c94', disk.device);
      const mount = (device: string) => ({ mount: '@/data', device, fstype: 'ext4' });

      expect(own.outcomes(mount('UUID=1a1571bf-f292-45f1-9092-e2d5a3487c94'))).toEqual(CHANGED);
      expect(own.converge(mount('LABEL=bde-demo'))[0]).toEqual([
        'would-change',
        '/etc/fstab, mounted without what the table says',
      ]);
      expect(own.outcomes(mount(disk.device))).toEqual(CHANGED);
      expect(own.fstab()).toBe(`${HEAD}${disk.device} ${own.path('data')} ext4 defaults 0 0\n`);
      expect(own.sh('findmnt -n -o SOURCE -M data')).toBe(`${disk.device}\n`);
      own.outcomes({ mount: '@/data', state: 'absent' });
    } finally {
      disk.detach();
    }
  });

  it('take the place of what else is mounted there', () => {
    mkdirSync(own.path('data'));
    own.sh(`mount -t ramfs other ${own.path('data')}`);

    const told = own.converge({ mount: '@/data', device: 'tmpfs', fstype: 'tmpfs' });

    expect(told.map(([outcome]) => outcome)).toEqual(CHANGED);
    expect(told[1]?.[1]).toContain('other (ramfs) is mounted there');
    expect(own.sh(`findmnt -n -o FSTYPE ${own.path('data')}`)).toBe('tmpfs\n');
  });

  it('fail with what mount says, and leave no line', () => {
    const told = own.converge({ mount: '@/data', device: '/dev/none', fstype: 'ext4' });

    expect(told[1]?.[0]).toBe('failed');
    expect(told[1]?.[1]).toContain('/dev/none');
    expect(own.fstab()).toBe(HEAD);
  });

  it('fail where no filesystem has this name', () => {
    own.outcomes(memory());

    const [, told] = own.converge(memory({ device: 'UUID=0000-0000', fstype: 'auto' }));

    expect(told).toEqual(['failed', 'no device has UUID=0000-0000']);
  });

  it('are in the table only where that is wanted', () => {
    expect(own.outcomes(memory({ state: 'present', pass: 2 }))).toEqual(CHANGED);
    expect(own.fstab()).toBe(`${HEAD}tmpfs ${own.path('my\\040data')} tmpfs defaults 0 2\n`);
    expect(existsSync(own.path('my data'))).toBe(false);
  });

  it('go for now, or for good', () => {
    own.outcomes(memory());
    own.sh(`mount -t tmpfs above "${own.path('my data')}"`);
    const line = own.fstab();

    const unmounted = own.outcomes({ mount: '@/my data', state: 'unmounted' });
    expect([unmounted, isMounted('my data'), own.fstab()]).toEqual([CHANGED, false, line]);
    own.outcomes(memory());
    const absent = own.outcomes({ mount: '@/my data', state: 'absent' });
    expect([absent, isMounted('my data'), own.fstab()]).toEqual([CHANGED, false, HEAD]);
    expect(statSync(own.path('my data')).isDirectory()).toBe(true);
  });

  it('leave comments and the lines of others alone, and make one of two', () => {
    const others = `#tmpfs ${own.path('data')} tmpfs old 0 0\nLABEL=x /other  xfs\tdefaults 0 0\n`;
    writeFileSync(`${own.etc}/fstab`, `${others}a ${own.path('data')} b c\nd ${own.path('data')} e f 0 0`);

    own.outcomes({ mount: '@/data', device: 'tmpfs', fstype: 'tmpfs' });

    expect(own.fstab()).toBe(`${others}tmpfs ${own.path('data')} tmpfs defaults 0 0\n`);
  });

  it('keep a line that says the same in other words', () => {
    const line = `tmpfs\t${own.path('data')}   tmpfs defaults\n`;
    writeFileSync(`${own.etc}/fstab`, line);

    own.outcomes({ mount: '@/data', device: 'tmpfs', fstype: 'tmpfs' });

    expect(own.fstab()).toBe(line);
  });

  it('keep a folder that is to be absent from being emptied', () => {
    mkdirSync(own.path('full/data'), { recursive: true });
    own.sh(`mount -t tmpfs x ${own.path('full/data')} && touch ${own.path('full/data/file')}`);

    const told = own.converge({ directory: '@/full', state: 'absent', force: true });

    expect(told[1]).toEqual(['failed', `something is mounted at ${own.path('full/data')}`]);
    expect(own.sh(`ls ${own.path('full/data')}`)).toBe('file\n');
  });
});
