import { describe, expect, it } from 'vitest';
import {
  cgroupSettings,
  homeCgroups,
  machineCgroups,
  parseCgroupLayout,
  type CgroupLayout,
} from '../../../../src/providers/local/cgroup-layout.js';

const PURE = '31 24 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';
const HYBRID = [
  '31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755',
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
  '33 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
  '34 31 0:34 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
  '35 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd',
  '36 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
].join('\n');
const SIZE = { cpuCount: 2, memoryMiB: 1024, diskGiB: 10, swapMiB: 512 };

describe('parseCgroupLayout', () => {
  it('reads a pure cgroup2 host', () => {
    expect(parseCgroupLayout(PURE)).toEqual({ unified: '/sys/fs/cgroup', legacy: {} });
  });

  it('reads a hybrid host with combined controllers', () => {
    expect(parseCgroupLayout(HYBRID)).toEqual({
      unified: '/sys/fs/cgroup/unified',
      legacy: {
        cpu: '/sys/fs/cgroup/cpu,cpuacct',
        memory: '/sys/fs/cgroup/memory',
        'name=systemd': '/sys/fs/cgroup/systemd',
      },
    });
  });

  it('gives nothing for a host without cgroup2', () => {
    expect(parseCgroupLayout('33 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory')).toBeUndefined();
  });
});

describe('machineCgroups', () => {
  it('keeps the machine and its supervisor apart', () => {
    const cgroups = machineCgroups({ unified: '/cg', legacy: {} }, 'bde-00000001', 'M1');

    expect(cgroups).toEqual({
      top: '/cg/bde-00000001/M1',
      watch: '/cg/bde-00000001/M1/watch',
      node: '/cg/bde-00000001/M1/node',
      members: ['/cg/bde-00000001/M1/node'],
      roots: ['/cg/bde-00000001/M1'],
    });
  });

  it('has a member in each hierarchy of a hybrid host', () => {
    const layout: CgroupLayout = { unified: '/u', legacy: { 'name=systemd': '/s', cpu: '/c' } };

    const { members, roots } = machineCgroups(layout, 'bde-00000001', 'M1');

    expect(members).toEqual(['/u/bde-00000001/M1/node', '/s/bde-00000001/M1/node', '/c/bde-00000001/M1/node']);
    expect(roots).toEqual(['/u/bde-00000001/M1', '/s/bde-00000001/M1', '/c/bde-00000001/M1']);
    expect(homeCgroups(layout, 'bde-00000001')).toEqual(['/u/bde-00000001', '/s/bde-00000001', '/c/bde-00000001']);
  });
});

describe('cgroupSettings', () => {
  it('limits cpu and memory on cgroup2', () => {
    const layout: CgroupLayout = { unified: '/u', legacy: {} };

    const settings = cgroupSettings(layout, machineCgroups(layout, 'h', 'M1'), SIZE);

    expect(settings).toEqual([
      { path: '/u/h/M1/node/cpu.max', value: '200000 100000' },
      { path: '/u/h/M1/node/memory.max', value: '1073741824' },
      { path: '/u/h/M1/node/memory.swap.max', value: '536870912' },
    ]);
  });

  it('limits cpu and memory in version 1 hierarchies, memory before memory with swap', () => {
    const layout: CgroupLayout = { unified: '/u', legacy: { cpu: '/c', memory: '/m' } };

    const settings = cgroupSettings(layout, machineCgroups(layout, 'h', 'M1'), SIZE);

    expect(settings.slice(0, 3)).toEqual([
      { path: '/c/h/M1/cpu.cfs_quota_us', value: '200000' },
      { path: '/m/h/M1/memory.limit_in_bytes', value: '1073741824' },
      { path: '/m/h/M1/memory.memsw.limit_in_bytes', value: '1610612736' },
    ]);
  });
});
