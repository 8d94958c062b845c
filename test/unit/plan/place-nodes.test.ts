import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterName, NodeName } from '../../../src/errors/ids.js';
import { placeNodes, type PlacementHost } from '../../../src/plan/place-nodes.js';
import type { ResolvedCluster, ResolvedGroup } from '../../../src/spec/resolved-cluster.js';

const FREELY = { instancesPerHost: null, racks: null, association: null };

function group(name: string, count: number, part: Partial<ResolvedGroup> = {}): ResolvedGroup {
  return {
    name,
    roles: ['basic'],
    count,
    size: { cpuCount: 1, memoryMiB: 1000, diskGiB: 10 },
    swapMiB: 0,
    dataDisksGiB: [],
    placement: FREELY,
    ha: 'off',
    configuration: {},
    ...part,
  };
}

function cluster(...groups: readonly ResolvedGroup[]): ResolvedCluster {
  return {
    formatVersion: 1,
    name: 'c' as ClusterName,
    specLabel: 'test',
    distro: { name: 'd', vendor: 'V', version: '1' },
    groups,
    nodes: groups.flatMap((each) =>
      Array.from({ length: each.count }, (_, index) => ({
        name: `c-${each.name}-${String(index)}` as NodeName,
        group: each.name,
        index,
        ordinal: index + 1,
        roles: each.roles,
      })),
    ),
    configuration: {},
    warnings: [],
  };
}

function host(name: string, part: Partial<PlacementHost> = {}): PlacementHost {
  return { name, rack: null, memoryFreeMiB: 4000, diskFreeMiB: 100_000, ...part };
}

function placed(spec: ResolvedCluster, hosts: readonly PlacementHost[]): Readonly<Record<string, string>> {
  return Object.fromEntries(placeNodes(spec, hosts).hosts);
}

describe('placeNodes', () => {
  it('puts one node on a host that is a machine, and says why the others find none', () => {
    const machines = [
      host('h1', { machine: { address: '10.0.0.1', cpuCount: 2 } }),
      host('h2', { machine: { address: '10.0.0.2', cpuCount: 2 } }),
    ];
    const fast = { size: { cpuCount: 4, memoryMiB: 1000, diskGiB: 10 } };

    expect(placeNodes(cluster(group('a', 1), group('fast', 1, fast)), machines).unplaced).toMatchObject([
      { node: 'c-fast-0', reason: 'cpu' },
    ]);
    expect(placeNodes(cluster(group('a', 3)), machines).unplaced).toMatchObject([
      { node: 'c-a-2', reason: 'hosts-taken' },
    ]);
  });

  it('spreads the nodes of a group over the hosts', () => {
    expect(placed(cluster(group('a', 3)), [host('h1'), host('h2')])).toEqual({
      'c-a-0': 'h1',
      'c-a-1': 'h2',
      'c-a-2': 'h1',
    });
  });

  it('prefers the host with more room among equals', () => {
    expect(placed(cluster(group('a', 1)), [host('h1'), host('h2', { memoryFreeMiB: 8000 })])).toEqual({
      'c-a-0': 'h2',
    });
  });

  it('names the smallest shortage of memory for a node that fits nowhere', () => {
    const result = placeNodes(cluster(group('a', 1)), [
      host('h1', { memoryFreeMiB: 900 }),
      host('h2', { memoryFreeMiB: 300 }),
    ]);

    expect(result.unplaced).toEqual([{ node: 'c-a-0', group: 'a', reason: 'memory', shortMiB: 100 }]);
  });

  it('counts data and swap disks against the free disk', () => {
    const spec = cluster(group('a', 1, { dataDisksGiB: [2, 2], swapMiB: 512 }));

    expect(placeNodes(spec, [host('h1', { diskFreeMiB: 4096 })]).unplaced).toEqual([
      { node: 'c-a-0', group: 'a', reason: 'disk', shortMiB: 512 },
    ]);
  });

  it('does not count memory that is only capped', () => {
    expect(placeNodes(cluster(group('a', 9)), [host('h1', { memoryFreeMiB: null })]).unplaced).toEqual([]);
  });

  it('puts no more of a group on a host than instancePerHost says', () => {
    const spec = cluster(group('a', 3, { placement: { ...FREELY, instancesPerHost: 1 } }));

    expect(placeNodes(spec, [host('h1'), host('h2')]).unplaced).toEqual([
      { node: 'c-a-2', group: 'a', reason: 'instances-per-host', shortMiB: 0 },
    ]);
  });

  it('puts a strictly bound group beside the group it names', () => {
    const bound = group('b', 2, { placement: { ...FREELY, association: { group: 'a', type: 'STRICT' } } });

    const hosts = placed(cluster(bound, group('a', 1)), [host('h1'), host('h2')]);

    expect(hosts).toEqual({ 'c-a-0': 'h1', 'c-b-0': 'h1', 'c-b-1': 'h1' });
  });

  it('takes racks in turn and keeps to one rack when asked', () => {
    const hosts = [host('h1', { rack: 'r1' }), host('h2', { rack: 'r1' }), host('h3', { rack: 'r2' })];
    const inTurn = group('a', 3, { placement: { ...FREELY, racks: { type: 'ROUNDROBIN', racks: [] } } });
    const same = group('b', 3, { placement: { ...FREELY, racks: { type: 'SAMERACK', racks: ['r1'] } } });

    expect(placed(cluster(inTurn), hosts)).toEqual({ 'c-a-0': 'h1', 'c-a-1': 'h3', 'c-a-2': 'h2' });
    expect(Object.values(placed(cluster(same), hosts))).toEqual(['h1', 'h2', 'h1']);
  });

  it('never puts more on a host than it has free', () => {
    const anyHosts = fc.array(fc.record({ memory: fc.nat(9000), disk: fc.nat(9000) }), { maxLength: 5 });
    const anyGroups = fc.array(fc.record({ count: fc.nat(4), memory: fc.integer({ min: 1, max: 4000 }) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(anyHosts, anyGroups, (free, groups) => {
        const hosts = free.map(({ memory, disk }, index) =>
          host(`h${String(index)}`, { memoryFreeMiB: memory, diskFreeMiB: disk }),
        );
        const spec = cluster(
          ...groups.map(({ count, memory }, index) =>
            group(`g${String(index)}`, count, { size: { cpuCount: 1, memoryMiB: memory, diskGiB: 1 }, swapMiB: 100 }),
          ),
        );

        const result = placeNodes(spec, hosts);

        for (const each of hosts) {
          const mine = spec.nodes.filter((node) => result.hosts.get(node.name) === each.name);
          const memory = mine.reduce(
            (sum, node) => sum + (spec.groups.find(({ name }) => name === node.group)?.size.memoryMiB ?? 0),
            0,
          );
          expect(memory).toBeLessThanOrEqual(each.memoryFreeMiB ?? 0);
          expect(mine.length * 100).toBeLessThanOrEqual(each.diskFreeMiB);
        }
        expect(result.hosts.size + result.unplaced.length).toBe(spec.nodes.length);
      }),
    );
  });
});
