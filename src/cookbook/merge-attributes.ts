import type { Attributes, Json } from './types.js';

/** Where attributes come from, the most general first. */
export type AttributeLayerName = 'cookbook' | 'distro' | 'role' | 'cluster' | 'group';

/** Attributes that one source gives. */
export interface AttributeLayer {
  readonly name: AttributeLayerName;
  readonly values: Attributes;
  /** Where the value at this path stands, for people: `specs/x.json:12:7`, or a file alone. */
  readonly placeOf: (path: readonly string[]) => string;
}

/** Which layer a merged value came from. */
export interface AttributeOrigin {
  readonly layer: AttributeLayerName;
  /** `file:line:column` where it is known. */
  readonly place: string;
}

/** Merged attributes, and for each of their leaves where it came from, by JSON pointer (`/web/heapMiB`). */
export interface MergedAttributes {
  readonly attributes: Attributes;
  readonly origins: Readonly<Record<string, AttributeOrigin>>;
}

/**
 * Merges layers given in the order cookbook, distro, role, cluster, group: maps key by key, anything else whole; of two
 * values for one place the later layer's wins.
 */
export function mergeAttributes(layers: readonly AttributeLayer[]): MergedAttributes {
  const origins: [string, AttributeOrigin][] = [];
  const candidates = layers.map((layer) => ({ layer, value: layer.values }));
  const attributes = mergeMaps([], candidates, origins);
  return { attributes, origins: Object.fromEntries(origins) };
}

/** True for a map of attributes, as opposed to a list or a scalar. */
export function isAttributeMap(value: Json | undefined): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A path as a JSON pointer. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

interface Candidate<Value extends Json> {
  readonly layer: AttributeLayer;
  readonly value: Value;
}

type Origins = [string, AttributeOrigin][];

function mergeMaps(path: readonly string[], maps: readonly Candidate<Attributes>[], origins: Origins): Attributes {
  const keys = new Set(maps.flatMap(({ value }) => Object.keys(value)));
  const entries = [...keys].map((key) => {
    const candidates = maps.filter(({ value }) => Object.hasOwn(value, key));
    const values = candidates.map(({ layer, value }) => ({ layer, value: value[key] ?? null }));
    return [key, mergeValues([...path, key], values, origins)] as const;
  });
  return Object.fromEntries(entries);
}

function mergeValues(path: readonly string[], values: readonly Candidate<Json>[], origins: Origins): Json {
  const lastScalar = values.findLastIndex(({ value }) => !isAttributeMap(value));
  // A scalar that came later than a map replaces it, and so hides what the map held.
  const maps = values.slice(lastScalar + 1).filter((each): each is Candidate<Attributes> => isAttributeMap(each.value));
  if (maps.some(({ value }) => Object.keys(value).length > 0)) return mergeMaps(path, maps, origins);
  const winner = values.at(-1);
  if (winner === undefined) return null;
  origins.push([pointerOf(path), { layer: winner.layer.name, place: winner.layer.placeOf(path) }]);
  return winner.value;
}
