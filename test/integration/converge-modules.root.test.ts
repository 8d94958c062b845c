import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { MODPROBE, OwnMounts } from './converge-own-mounts.js';
import { describeInTurns } from './converge-support.js';

const CHANGED = ['would-change', 'changed', 'unchanged'];

describeInTurns('kernel modules', (shell, it) => {
  let own: OwnMounts;

  beforeEach(async () => {
    own = await OwnMounts.make(shell);
  });
  afterEach(() => own.remove());

  const read = (name: string) => readFileSync(join(own.etc, name), 'utf8');
  const loaded = () => readdirSync(own.modules);
  const put = (name: string, files: Readonly<Record<string, string>>) => {
    mkdirSync(join(own.modules, name));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(own.modules, name, file), content);
  };

  it('are loaded now and at each boot, with their options', () => {
    const told = own.converge({ kernel_module: 'br-demo', options: 'a=1 b="2"' }, MODPROBE);

    expect(told.map(([outcome]) => outcome)).toEqual(CHANGED);
    expect(told[1]?.[1]).toBe('absent, absent, absent instead of loaded');
    expect(loaded()).toEqual(['br_demo']);
    expect(read('modules-load.d/60-bde-br-demo.conf')).toBe('br-demo\n');
    expect(read('modprobe.d/60-bde-br-demo.conf')).toBe('options br-demo a=1 b="2"\n');
  });

  it('get the folders of their files where these are missing', () => {
    own.sh('rmdir /etc/modprobe.d /etc/modules-load.d');

    expect(own.outcomes({ kernel_module: 'demo', options: 'a=1' }, MODPROBE)).toEqual(CHANGED);
    expect(own.sh("stat -c '%a' /etc/modprobe.d /etc/modules-load.d")).toBe('755\n755\n');
  });

  it('are loaded again where somebody took them out', () => {
    own.outcomes({ kernel_module: 'demo' }, MODPROBE);
    own.sh('rm -r /sys/module/demo');

    expect(own.converge({ kernel_module: 'demo' }, MODPROBE)[1]).toEqual(['changed', 'absent instead of loaded']);
  });

  it('need no loading where they are part of the kernel', () => {
    put('demo', {});

    expect(own.outcomes({ kernel_module: 'demo' }, MODPROBE)).toEqual(CHANGED);
    expect(readdirSync(join(own.modules, 'demo'))).toEqual([]);
  });

  it('are kept out: taken out now, and not loaded by others', () => {
    own.outcomes({ kernel_module: 'demo' }, MODPROBE);

    expect(own.outcomes({ kernel_module: 'demo', state: 'blacklisted' }, MODPROBE)).toEqual(CHANGED);
    expect(loaded()).toEqual([]);
    expect(readdirSync(join(own.etc, 'modules-load.d'))).not.toContain('60-bde-demo.conf');
    expect(read('modprobe.d/60-bde-demo.conf')).toBe('blacklist demo\ninstall demo /bin/false\n');
    expect(own.outcomes({ kernel_module: 'demo' }, MODPROBE)).toEqual(CHANGED);
    expect(readdirSync(join(own.etc, 'modprobe.d'))).not.toContain('60-bde-demo.conf');
  });

  it('fail where they cannot be kept out', () => {
    put('demo', {});

    const told = own.converge({ kernel_module: 'demo', state: 'blacklisted' }, MODPROBE);

    expect(told[0]).toEqual(['failed', 'demo is part of this kernel and cannot be left out']);
    expect(told[1]).toEqual(told[0]);
  });

  it('that are in use stay where that is allowed, and are kept out of the next boot', () => {
    put('demo', { initstate: 'live\n', refcnt: '3\n' });

    const told = own.converge({ kernel_module: 'demo', state: 'blacklisted', where_possible: true }, MODPROBE);

    expect(told.map(([outcome]) => outcome)).toEqual(CHANGED);
    expect(told[2]?.[1]).toBe('demo is loaded, and cannot be blacklisted here');
    expect(loaded()).toEqual(['demo']);
    expect(read('modprobe.d/60-bde-demo.conf')).toContain('blacklist demo');
  });

  it('fail with what modprobe says where the kernel has none of this name', () => {
    const told = own.converge({ kernel_module: 'unknown' }, MODPROBE);

    expect(told[1]).toEqual(['failed', 'modprobe: FATAL: Module unknown not found']);
  });

  it('that the kernel has not are no failure where that is allowed', () => {
    const told = own.converge({ kernel_module: 'unknown', where_possible: true }, MODPROBE);

    expect(told.map(([outcome]) => outcome)).toEqual(CHANGED);
    expect(told[2]?.[1]).toBe('unknown is absent, and cannot be loaded here');
    expect(read('modules-load.d/60-bde-unknown.conf')).toBe('unknown\n');
  });

  it('are left alone without the right to load them, where that is allowed', async () => {
    const bounded = await OwnMounts.make(['setpriv', '--bounding-set=-sys_module', ...shell]);
    try {
      const told = bounded.converge({ kernel_module: 'demo', where_possible: true }, MODPROBE);

      expect(told.map(([outcome]) => outcome)).toEqual(CHANGED);
      expect(told[2]?.[1]).toBe('demo is absent, and cannot be loaded here');
      expect(readdirSync(bounded.modules)).toEqual([]);
    } finally {
      await bounded.remove();
    }
  });
});
