import { describe, expect, it } from 'vitest';
import { contentOf, filesOf } from '../../../../bench/converge/to-script.mjs';
import { ofKind, VARIANT_NAMES, workload } from '../../../../bench/converge/workload.mjs';

const MEMBERS = Array.from({ length: 20 }, (_, index) => ({
  name: `peers-node-${String(index)}`,
  address: `10.77.3.${String(index + 10)}`,
  index: index + 1,
}));
const VALUES = {
  node_name: 'peers-node-4',
  node_addr: '10.77.3.14',
  node_index: 5,
  greeting: 'hello',
  members: MEMBERS,
};

describe('workload', () => {
  it.each([
    ['user', 1],
    ['directory', 4],
    ['packages', 1],
    ['template', 12],
    ['line', 2],
    ['command', 2],
    ['unit', 1],
    ['service', 1],
    ['port', 1],
    ['check', 3],
  ])('has of the kind %s %d', (kind, count) => {
    expect(ofKind(workload(), kind)).toHaveLength(count);
  });

  it('gives every resource an id of its own', () => {
    const ids = workload().map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('installs twelve packages more in the package-heavy variant', () => {
    const count = (variant: string) => ofKind(workload(variant), 'packages')[0]?.names?.length;

    expect(VARIANT_NAMES.map(count)).toEqual([1, 13]);
  });

  it('lays files of 0.3 to 6 KB, two of which grow with the members', () => {
    const sizes = ofKind(workload(), 'template').map((file) => contentOf(file, VALUES).length);

    expect(Math.max(...sizes)).toBeGreaterThan(5500);
    expect(Math.max(...sizes)).toBeLessThan(6144);
    expect(ofKind(workload(), 'template').filter(({ lines }) => lines?.some((line) => 'each' in line))).toHaveLength(2);
  });

  it('lays JSON that parses', () => {
    const file = ofKind(workload(), 'template').find(({ id }) => id === 'settings.json');

    expect(JSON.parse(contentOf(file!, VALUES))).toMatchObject({ node: 'peers-node-4', index: 5 });
  });

  it('has one file that only its group may read and one that belongs to the user', () => {
    const files = filesOf(workload());

    expect(files.filter(({ mode }) => mode === '0640').map(({ id }) => id)).toEqual(['credentials']);
    expect(files.filter(({ owner }) => owner === 'wbench').map(({ id }) => id)).toEqual(['queue']);
  });

  it('changes one file where the attribute changes', () => {
    const differs = (file: Parameters<typeof contentOf>[0]) =>
      contentOf(file, VALUES) !== contentOf(file, { ...VALUES, greeting: 'good night' });

    expect(
      filesOf(workload())
        .filter(differs)
        .map(({ id }) => id),
    ).toEqual(['daemon']);
  });
});
