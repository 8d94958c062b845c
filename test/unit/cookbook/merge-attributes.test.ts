import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isAttributeMap,
  mergeAttributes,
  pointerOf,
  type AttributeLayer,
  type AttributeLayerName,
} from '../../../src/cookbook/merge-attributes.js';
import type { Attributes, Json } from '../../../src/cookbook/types.js';

const layer = (name: AttributeLayerName, values: Attributes): AttributeLayer => ({
  name,
  values,
  placeOf: (path) => `${name}.yaml${pointerOf(path)}`,
});

describe('mergeAttributes', () => {
  it('lets the more specific layer win, key by key', () => {
    const merged = mergeAttributes([
      layer('cookbook', { zookeeper: { heapMiB: 256, tickTimeMs: 2000 } }),
      layer('role', { zookeeper: { heapMiB: 512 } }),
      layer('group', { zookeeper: { heapMiB: 1024 } }),
    ]);

    expect(merged.attributes).toEqual({ zookeeper: { heapMiB: 1024, tickTimeMs: 2000 } });
  });

  it('says of each value which layer and place it came from', () => {
    const merged = mergeAttributes([
      layer('cookbook', { zookeeper: { heapMiB: 256, tickTimeMs: 2000 } }),
      layer('cluster', { zookeeper: { heapMiB: 512 } }),
    ]);

    expect(merged.origins).toEqual({
      '/zookeeper/heapMiB': { layer: 'cluster', place: 'cluster.yaml/zookeeper/heapMiB' },
      '/zookeeper/tickTimeMs': { layer: 'cookbook', place: 'cookbook.yaml/zookeeper/tickTimeMs' },
    });
  });

  it('takes lists whole and knows where each came from', () => {
    const merged = mergeAttributes([
      layer('cookbook', { a: { list: [1, 2, 3] } }),
      layer('group', { a: { list: [4] } }),
    ]);

    expect(merged).toEqual({
      attributes: { a: { list: [4] } },
      origins: { '/a/list': { layer: 'group', place: 'group.yaml/a/list' } },
    });
  });

  it('forgets the origins below a map that a scalar replaced', () => {
    const merged = mergeAttributes([layer('cookbook', { a: { b: { c: 1 } } }), layer('cluster', { a: { b: false } })]);

    expect(merged).toEqual({
      attributes: { a: { b: false } },
      origins: { '/a/b': { layer: 'cluster', place: 'cluster.yaml/a/b' } },
    });
  });

  it('does not bring back what a scalar between two maps hid', () => {
    const merged = mergeAttributes([
      layer('cookbook', { a: { hidden: 1 } }),
      layer('role', { a: 'off' }),
      layer('group', { a: { shown: 2 } }),
    ]);

    expect(merged.attributes).toEqual({ a: { shown: 2 } });
  });

  it('keeps a map that a later layer has empty', () => {
    const merged = mergeAttributes([layer('cookbook', { a: { x: 1 } }), layer('cluster', { a: {} })]);

    expect(merged.attributes).toEqual({ a: { x: 1 } });
  });

  it('escapes keys in pointers', () => {
    const merged = mergeAttributes([layer('cluster', { a: { 'x/y~z': 1 } })]);

    expect(Object.keys(merged.origins)).toEqual(['/a/x~1y~0z']);
  });
});

const key = fc.constantFrom('a', 'b', 'c', 'constructor');
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json; map: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer()), tie('map')),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
})).value;
const attributes = fc.dictionary(key, json) as fc.Arbitrary<Attributes>;

/** Every leaf of a map: scalars, lists, and maps that are empty. */
function leaves(value: Json, path: readonly string[] = []): readonly (readonly [string, Json])[] {
  if (!isAttributeMap(value) || Object.keys(value).length === 0) return [[pointerOf(path), value]];
  return Object.entries(value).flatMap(([name, item]) => leaves(item, [...path, name]));
}

const LAYERS: readonly AttributeLayerName[] = ['cookbook', 'distro', 'role', 'cluster', 'group'];

/** The value at a pointer; keys of these tests need no escapes. */
function valueAt(map: Json, pointer: string): Json | undefined {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<Json | undefined>(
    (value, step) => (isAttributeMap(value) && Object.hasOwn(value, step) ? value[step] : undefined),
    map,
  );
}

/** True where a layer has a value of its own at a pointer, or a scalar or list above it. */
function saysSomething(map: Json, pointer: string): boolean {
  const [, step, ...rest] = pointer.split('/');
  if (step === undefined || !isAttributeMap(map)) return true;
  return Object.hasOwn(map, step) && saysSomething(map[step] ?? null, rest.map((each) => `/${each}`).join(''));
}

describe('mergeAttributes, for any layers', () => {
  it('has every leaf of the most specific layer', () => {
    fc.assert(
      fc.property(attributes, attributes, (general, specific) => {
        const merged = mergeAttributes([layer('cookbook', general), layer('group', specific)]);
        const found = new Map(leaves(merged.attributes));

        for (const [pointer, value] of leaves(specific)) {
          // An empty map says nothing, so what the general layer has there may stay.
          if (isAttributeMap(value)) continue;
          expect(found.get(pointer)).toEqual(value);
        }
      }),
    );
  });

  it('gives each place the value of the most specific layer that has one there', () => {
    fc.assert(
      fc.property(fc.array(attributes, { minLength: 1, maxLength: 5 }), (values) => {
        const layers = values.map((each, index) => layer(LAYERS[index] ?? 'group', each));
        const merged = mergeAttributes(layers);

        for (const [pointer, value] of leaves(merged.attributes)) {
          if (pointer === '') continue;
          const origin = layers.find(({ name }) => name === merged.origins[pointer]?.layer);
          const later = layers.slice(layers.findIndex(({ name }) => name === origin?.name) + 1);
          expect(valueAt(origin?.values ?? {}, pointer)).toEqual(value);
          for (const { values: over } of later) expect(saysSomething(over, pointer)).toBe(false);
        }
      }),
    );
  });

  it('loses no leaf of any layer that no later layer has another value for, in any depth', () => {
    fc.assert(
      fc.property(fc.array(attributes, { minLength: 1, maxLength: 5 }), (values) => {
        const merged = mergeAttributes(values.map((each, index) => layer(LAYERS[index] ?? 'group', each)));
        const found = new Map(leaves(merged.attributes));

        for (const [index, each] of values.entries()) {
          const later = values.slice(index + 1);
          for (const [pointer, value] of leaves(each)) {
            if (isAttributeMap(value) || later.some((over) => saysSomething(over, pointer))) continue;
            expect(found.get(pointer)).toEqual(value);
          }
        }
      }),
    );
  });

  it('is the same in one go as layer by layer', () => {
    fc.assert(
      fc.property(attributes, attributes, attributes, (first, second, third) => {
        const inOneGo = mergeAttributes([layer('cookbook', first), layer('role', second), layer('group', third)]);
        const below = mergeAttributes([layer('cookbook', first), layer('role', second)]).attributes;

        expect(mergeAttributes([layer('role', below), layer('group', third)]).attributes).toEqual(inOneGo.attributes);
      }),
    );
  });

  it('changes none of the layers', () => {
    fc.assert(
      fc.property(attributes, attributes, (general, specific) => {
        const before = JSON.stringify([general, specific]);

        mergeAttributes([layer('cookbook', general), layer('group', specific)]);

        expect(JSON.stringify([general, specific])).toBe(before);
      }),
    );
  });

  it('loses no key of the general layer that the specific one does not touch', () => {
    fc.assert(
      fc.property(attributes, attributes, (general, specific) => {
        const merged = mergeAttributes([layer('cookbook', general), layer('group', specific)]);

        for (const name of Object.keys(general)) {
          if (!(name in specific)) expect(merged.attributes[name]).toEqual(general[name]);
        }
      }),
    );
  });

  it('has an origin for each leaf and for nothing else', () => {
    fc.assert(
      fc.property(attributes, attributes, attributes, (first, second, third) => {
        const merged = mergeAttributes([layer('cookbook', first), layer('role', second), layer('group', third)]);
        const pointers = leaves(merged.attributes).map(([pointer]) => pointer);

        expect(Object.keys(merged.origins).sort()).toEqual(pointers.filter((pointer) => pointer !== '').sort());
      }),
    );
  });
});
