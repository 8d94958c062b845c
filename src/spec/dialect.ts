import type { DocumentPath } from './document/source-tree.js';
import {
  allNames,
  canonicalName,
  CLUSTER_ALIASES,
  GROUP_ALIASES,
  PLACEMENT_ALIASES,
  STORAGE_ALIASES,
  type AliasTable,
} from './dialect-names.js';
import { isJsonObject, type Json } from './json.js';

/** Two names of one field in one object. */
export interface NameClash {
  /** Path of the second one, as written. */
  readonly path: DocumentPath;
  readonly names: readonly [string, string];
}

/** The same value with every field under the user dialect's name; of a field that is there under two, the first counts. */
export function toUserDialect(value: Json, path: DocumentPath = []): Json {
  if (Array.isArray(value)) return value.map((item: Json, index) => toUserDialect(item, [...path, index]));
  if (!isJsonObject(value)) return value;
  const aliases = aliasesAt(path);
  const entries = Object.entries(value).map(([key, inner]) => {
    const name = canonicalName(key, aliases);
    return [name, toUserDialect(inner, [...path, name])] as const;
  });
  return Object.fromEntries(entries.reverse());
}

/** The path, as written in `value`, of a field that is named in the user dialect. */
export function writtenPath(value: unknown, userPath: DocumentPath): DocumentPath {
  const written: (string | number)[] = [];
  let current = value;
  for (const [index, segment] of userPath.entries()) {
    const names = typeof segment === 'string' ? allNames(segment, aliasesAt(userPath.slice(0, index))) : [];
    const found = names.find((name) => isJsonObject(current) && Object.hasOwn(current, name)) ?? segment;
    written.push(found);
    current = (current as Readonly<Record<string | number, unknown>> | null | undefined)?.[found];
  }
  return written;
}

/** Every field that an object has under two of its names. */
export function findNameClashes(
  value: Json,
  path: DocumentPath = [],
  written: DocumentPath = [],
): readonly NameClash[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, index) => findNameClashes(item, [...path, index], [...written, index]));
  }
  if (!isJsonObject(value)) return [];
  const aliases = aliasesAt(path);
  const first = new Map<string, string>();
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = canonicalName(key, aliases);
    const other = first.get(name);
    first.set(name, other ?? key);
    const here = other === undefined ? [] : [{ path: [...written, key], names: [other, key] as const }];
    return [...here, ...findNameClashes(inner, [...path, name], [...written, key])];
  });
}

/** The names that fields have in the object at a path of the user dialect. */
function aliasesAt(path: DocumentPath): AliasTable {
  const [top, , group] = path;
  if (path.length === 0) return CLUSTER_ALIASES;
  if (top !== 'nodeGroups') return {};
  if (path.length === 2) return GROUP_ALIASES;
  if (path.length !== 3) return {};
  return group === 'placementPolicies' ? PLACEMENT_ALIASES : group === 'storage' ? STORAGE_ALIASES : {};
}
