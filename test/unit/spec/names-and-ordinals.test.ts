import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateOrdinals } from '../../../src/spec/allocate-ordinals.js';
import { clusterNameAfter, nodeNameOf, parseClusterName } from '../../../src/spec/cluster-name.js';
import { findCycle } from '../../../src/spec/find-cycle.js';

describe('parseClusterName', () => {
  it.each(['a', 'mesos-basic', '0x', 'a'.repeat(40)])('takes %s', (name) => {
    expect(parseClusterName(name)).toBe(name);
  });

  it.each(['', '-a', 'a-', 'A', 'a_b', '../x', 'a b', "a'b", 'a"b', 'a\nb', '$(id)', 'a'.repeat(41), 'ä', 'a\n'])(
    'refuses %j',
    (name) => {
      expect(() => parseClusterName(name)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    },
  );

  it('says what is allowed and offers a name like it', () => {
    expect(() => parseClusterName('My Cluster!')).toThrow(
      expect.objectContaining({
        message:
          '"My Cluster!" is no name for a cluster; allowed are lower-case letters, digits and inner hyphens, 1 to 40',
        hint: 'Use a name like "my-cluster".',
      }),
    );
  });
});

describe('clusterNameAfter', () => {
  it.each([
    ['mesos/basic', 'mesos-basic'],
    ['/tmp/specs/My_Cluster.json', 'my-cluster'],
    ['x.yaml', 'x'],
    ['///', 'cluster'],
  ])('of %s is %s', (spec, name) => {
    expect(clusterNameAfter(spec)).toBe(name);
  });

  it('is a valid name whatever the spec is called', () => {
    fc.assert(
      fc.property(fc.string(), (spec) => {
        expect(parseClusterName(clusterNameAfter(spec))).toBe(clusterNameAfter(spec));
      }),
    );
  });
});

const c1 = parseClusterName('c1');
const node = (group: string, index: number, quorum: boolean) => ({ name: nodeNameOf(c1, group, index), quorum });

describe('allocateOrdinals', () => {
  it('keeps small numbers for members of a quorum', () => {
    const ordinals = allocateOrdinals(new Map(), [
      node('a', 0, false),
      node('q', 0, true),
      node('a', 1, false),
      node('q', 1, true),
    ]);

    expect([...ordinals]).toEqual([
      ['c1-a-0', 1001],
      ['c1-q-0', 1],
      ['c1-a-1', 1002],
      ['c1-q-1', 2],
    ]);
  });

  it('never gives the number of a node that is gone to another', () => {
    const reserved = new Map([
      ['c1-q-0', 1],
      ['c1-q-1', 2],
    ]);

    const ordinals = allocateOrdinals(reserved, [node('q', 0, true), node('q', 2, true), node('q', 3, true)]);

    expect([...ordinals.values()]).toEqual([1, 3, 4]);
  });

  it('is unique, and does not change as groups grow', () => {
    const nodes = fc.array(fc.record({ group: fc.constantFrom('a', 'b'), quorum: fc.boolean() }), { maxLength: 30 });
    fc.assert(
      fc.property(nodes, nodes, (first, more) => {
        const name = (each: { group: string; quorum: boolean }, index: number) => node(each.group, index, each.quorum);
        const before = allocateOrdinals(new Map(), first.map(name));
        const after = allocateOrdinals(before, [
          ...more.map((each, index) => name(each, index + 100)),
          ...first.map(name),
        ]);

        expect(new Set(after.values()).size).toBe(after.size);
        for (const [key, ordinal] of before) expect(after.get(key)).toBe(ordinal);
      }),
    );
  });
});

describe('findCycle', () => {
  it('finds none in a graph without', () => {
    expect(findCycle(['a'], (name) => ({ a: ['b', 'c'], b: ['c'] })[name] ?? [])).toBeUndefined();
  });

  it('finds a node that requires itself', () => {
    expect(findCycle(['a'], () => ['a'])).toEqual(['a', 'a']);
  });

  it('finds a path along edges that ends where it began, exactly where there is one', () => {
    const edges = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 12 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const successors = (name: string) =>
          pairs.filter(([from]) => String(from) === name).map(([, to]) => String(to));
        const cycle = findCycle(['0', '1', '2', '3', '4', '5', '6'], successors);

        if (cycle === undefined) {
          // Without a cycle, some order puts every node before its successors: peeling leaves nothing.
          let left = pairs;
          for (let round = 0; round <= 7; round += 1)
            left = left.filter(([, to]) => left.some(([from]) => from === to));
          expect(left).toEqual([]);
          return;
        }
        expect(cycle[0]).toBe(cycle.at(-1));
        cycle.slice(1).forEach((to, index) => expect(successors(cycle[index] ?? '')).toContain(to));
      }),
    );
  });
});
