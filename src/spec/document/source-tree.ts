/** A value as it stands in a source text; offsets are UTF-16 units from the start of the text, a byte order mark aside. */
export type SourceNode = SourceRange & (SourceObject | SourceArray | SourceScalar);

/** One `key: value` of an object. */
export interface SourceEntry {
  readonly key: string;
  readonly keyOffset: number;
  readonly value: SourceNode;
}

/** Something in the text that is not as it should be. */
export interface SourceProblem {
  readonly offset: number;
  /** A clause that follows the place: `"," is missing`. */
  readonly text: string;
  readonly hint?: string;
}

/** What a parser made of a text; the root is there even when there are problems, as far as it could be read. */
export interface SourceTree {
  readonly root: SourceNode | undefined;
  readonly problems: readonly SourceProblem[];
}

/** Names of fields and positions in lists, from the root. */
export type DocumentPath = readonly (string | number)[];

interface SourceRange {
  readonly offset: number;
  /** Exclusive. */
  readonly end: number;
}

interface SourceObject {
  readonly kind: 'object';
  /** In the order of the text, duplicates included. */
  readonly entries: readonly SourceEntry[];
}

interface SourceArray {
  readonly kind: 'array';
  readonly items: readonly SourceNode[];
}

interface SourceScalar {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
}

/** What stands at a path of a plain value; undefined where the path leaves it. */
export function valueAt(root: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((value, segment) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    return (value as Readonly<Record<string | number, unknown>>)[segment];
  }, root);
}

/** The plain value of a node; of a key that is there twice, the last one counts. */
export function plainValue(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'array':
      return node.items.map(plainValue);
    case 'object':
      // Not by assignment: a key `__proto__` would set the prototype.
      return Object.fromEntries(node.entries.map((entry) => [entry.key, plainValue(entry.value)]));
  }
}

/** The entry or item at a path, or, where the path leaves the tree, the deepest one that is there; undefined for the root. */
export function findAtPath(
  root: SourceNode,
  path: DocumentPath,
): { readonly node: SourceNode; readonly keyOffset: number; readonly complete: boolean } {
  let found = { node: root, keyOffset: root.offset, complete: true };
  for (const segment of path) {
    const next = step(found.node, segment);
    if (next === undefined) return { ...found, complete: false };
    found = { ...next, complete: true };
  }
  return found;
}

/** A key that must not stand where it does: again in the same object (with its first place), or `__proto__`. */
export interface RefusedKey {
  readonly entry: SourceEntry;
  readonly first?: SourceEntry;
}

/** Every refused key of the tree, in the order of the text. */
export function findRefusedKeys(node: SourceNode): readonly RefusedKey[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'array') return node.items.flatMap(findRefusedKeys);
  const firsts = new Map<string, SourceEntry>();
  return node.entries.flatMap((entry) => {
    const first = firsts.get(entry.key);
    if (first === undefined) firsts.set(entry.key, entry);
    return [...refusalOf(entry, first), ...findRefusedKeys(entry.value)];
  });
}

function refusalOf(entry: SourceEntry, first: SourceEntry | undefined): readonly RefusedKey[] {
  // As data it is harmless, but any later `target[key] = value` would set a prototype.
  if (entry.key === '__proto__') return [{ entry }];
  return first === undefined ? [] : [{ entry, first }];
}

function step(node: SourceNode, segment: string | number): { node: SourceNode; keyOffset: number } | undefined {
  if (node.kind === 'array') {
    const item = node.items[Number(segment)];
    return item && { node: item, keyOffset: item.offset };
  }
  if (node.kind === 'scalar') return undefined;
  const entry = node.entries.findLast((candidate) => candidate.key === segment);
  return entry && { node: entry.value, keyOffset: entry.keyOffset };
}
