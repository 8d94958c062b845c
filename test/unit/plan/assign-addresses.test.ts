import { describe, expect, it } from 'vitest';
import type { NodeName } from '../../../src/errors/ids.js';
import { assignAddresses, closeReserved, hostsAreMachines } from '../../../src/plan/assign-addresses.js';
import type { InventoryHost } from '../../../src/plan/placement-hosts.js';
import type { ResolvedCluster, ResolvedGroup } from '../../../src/spec/resolved-cluster.js';

type Nodes = Pick<ResolvedCluster, 'nodes' | 'groups'>;

function cluster(groups: Readonly<Record<string, { count: number; memoryMiB?: number; cpuCount?: number }>>): Nodes {
  const entries = Object.entries(groups);
  return {
    groups: entries.map(([name, { count, memoryMiB = 1000, cpuCount = 1 }]): ResolvedGroup => ({
      name,
      roles: ['basic'],
      count,
      size: { cpuCount, memoryMiB, diskGiB: 1 },
      swapMiB: 0,
      dataDisksGiB: [],
      placement: { instancesPerHost: null, racks: null, association: null },
      ha: 'off',
      configuration: {},
    })),
    nodes: entries.flatMap(([group, { count }]) =>
      Array.from({ length: count }, (_, index) => ({
        name: `c-${group}-${index}` as NodeName,
        ...{ group, index, ordinal: index + 1, roles: ['basic'] },
      })),
    ),
  };
}

function machine(last: number, part: Partial<InventoryHost> = {}): InventoryHost {
  const address = `10.0.0.${last}`;
  return { name: address, address, cpuCount: 4, memoryFreeMiB: 4000, diskFreeMiB: 10_000, ...part };
}

const POOL = { network: 'n', range: ['10.0.0.1', '10.0.0.9'], reserved: [], foreign: [] } as const;

function assigned(nodes: Nodes, hosts: readonly InventoryHost[], reserved: readonly string[] = []) {
  return Object.fromEntries(assignAddresses(nodes, { pool: { ...POOL, reserved }, hosts, memoryIsReserved: true }));
}

describe('assignAddresses', () => {
  it('takes the lowest free addresses of the pool where hosts carry machines', () => {
    const { address: _, ...carrier } = machine(1);

    expect(assigned(cluster({ a: { count: 2 } }), [carrier], ['10.0.0.1'])).toEqual({
      'c-a-0': '10.0.0.2',
      'c-a-1': '10.0.0.3',
    });
  });

  it('gives each node a host of its own, with the memory and the CPUs that it asks for', () => {
    const hosts = [machine(1), machine(2, { memoryFreeMiB: 9000 }), machine(3, { cpuCount: 8 })];
    const nodes = cluster({ big: { count: 1, memoryMiB: 8000 }, fast: { count: 1, cpuCount: 8 }, any: { count: 1 } });

    expect(assigned(nodes, hosts)).toEqual({ 'c-big-0': '10.0.0.2', 'c-fast-0': '10.0.0.3', 'c-any-0': '10.0.0.1' });
  });

  it('leaves out hosts that are closed or that a node of another cluster has', () => {
    const hosts = [machine(1, { closed: 'leased to x' }), machine(2), machine(3)];

    expect(assigned(cluster({ a: { count: 1 } }), hosts, ['10.0.0.2'])).toEqual({ 'c-a-0': '10.0.0.3' });
  });

  it('refuses a cluster that the free hosts cannot carry', () => {
    expect(() => assigned(cluster({ a: { count: 2 } }), [machine(1)])).toThrow(
      expect.objectContaining({
        code: 'PREFLIGHT_FAILED',
        message: 'c-a-1 fits on none of the 1 free hosts.',
      }) as Error,
    );
  });
});

describe('hosts of an inventory', () => {
  it('are machines where they have addresses', () => {
    const { address: _, ...carrier } = machine(1);

    expect([hostsAreMachines([machine(1)]), hostsAreMachines([carrier]), hostsAreMachines([])]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('are closed where they are reserved, for the reason that came first', () => {
    const hosts = closeReserved([machine(1), machine(2), machine(3, { closed: 'silent' })], ['10.0.0.1', '10.0.0.3']);

    expect(hosts.map(({ closed, memoryFreeMiB }) => [closed, memoryFreeMiB])).toEqual([
      ['a node of another cluster has it', 0],
      [undefined, 4000],
      ['silent', 4000],
    ]);
  });
});
