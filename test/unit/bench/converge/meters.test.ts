import { describe, expect, it } from 'vitest';
import { cgroupRoot, parseCpuStat } from '../../../../bench/converge/cgroup.mjs';
import { costOf, networkOf } from '../../../../bench/converge/meters.mjs';

describe('cgroupRoot', () => {
  it('finds the cgroup2 hierarchy of a hybrid host', () => {
    const mounts = `cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n`;

    expect(cgroupRoot(mounts)).toBe('/sys/fs/cgroup/unified');
  });

  it('refuses a host without one', () => {
    expect(() => cgroupRoot('proc /proc proc rw 0 0\n')).toThrow('no cgroup2 hierarchy');
  });
});

describe('parseCpuStat', () => {
  it('gives milliseconds of user and system together', () => {
    expect(parseCpuStat('usage_usec 1234500\nuser_usec 1000000\nsystem_usec 234500\n')).toBe(1234.5);
  });
});

describe('costOf', () => {
  it('takes the difference of each reading', () => {
    const before = { controllerCpuMs: 10, nodesCpuMs: 100, upBytes: 5, downBytes: 7 };
    const after = { controllerCpuMs: 25, nodesCpuMs: 180, upBytes: 1005, downBytes: 17 };

    expect(costOf(before, after)).toEqual({ controllerCpuMs: 15, nodesCpuMs: 80, upBytes: 1000, downBytes: 10 });
  });
});

describe('networkOf', () => {
  it('names bridge and cgroup of a home', () => {
    const { bridge, machines } = networkOf('0123abcd');

    expect(bridge).toBe('bde0123abcd');
    expect(machines).toMatch(/\/bde-0123abcd$/);
  });
});
