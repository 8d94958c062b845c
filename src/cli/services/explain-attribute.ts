import type { Cookbook } from '../../cookbook/cookbook.js';
import { pointerOf, type AttributeLayerName, type MergedAttributes } from '../../cookbook/merge-attributes.js';
import type { Attributes, Json } from '../../cookbook/types.js';
import { nodeAttributes } from '../../engine/attribute-layers.js';
import { withBase } from '../../engine/desired-state.js';
import { parseCookbooks } from '../../engine/parse-cookbooks.js';
import { readPinnedContent, type PinnedContent } from '../../engine/pins.js';
import { BdeError } from '../../errors/bde-error.js';
import { didYouMean } from '../../spec/document/nearest-name.js';
import { quoteText } from '../../spec/document/quote-source.js';
import { findCluster } from './find-cluster.js';
import { declaredAttributes, isSecretAttribute } from './declared-attributes.js';
import { withStore } from './with-store.js';

/** `bde config explain`; `formatVersion` 1. */
export interface AttributeExplanation {
  readonly formatVersion: 1;
  readonly cluster: string;
  /** As it was asked for. */
  readonly key: string;
  /** By key, then by the first group that has the value; never empty. */
  readonly values: readonly ExplainedValue[];
}

/** One value of one attribute, and the groups whose nodes see it. */
export interface ExplainedValue {
  /** `base.hostsScope` */
  readonly key: string;
  /** `[secret]` where it is one; null where no layer gives a value. */
  readonly value: Json;
  readonly groups: readonly string[];
  /** Null where no layer gives a value. */
  readonly layer: AttributeLayerName | null;
  /** `file:line:column`, or what stands in for a file; of the declaration where no layer gives a value. */
  readonly place: string;
}

const REDACTED = '[secret]';

/**
 * The values of an attribute, or of all below a key, in a cluster, with the layer and place of each.
 *
 * @throws BdeError `UNKNOWN_CLUSTER`; `USAGE` for a key or group that it does not have
 */
export function explainAttribute(name: string, key: string, group: string | undefined): Promise<AttributeExplanation> {
  return withStore(async (store) => {
    const cluster = await findCluster(store, name);
    const content = await readPinnedContent(store.blobs, cluster.pins);
    const { cookbooks } = parseCookbooks(content.cookbooks);
    const values = explainPinned({ content, cookbooks }, key, group);
    return { formatVersion: 1, cluster: name, key, values };
  });
}

/** What a cluster pinned, as far as attributes go. */
export interface PinnedAttributes {
  readonly content: Pick<PinnedContent, 'resolved' | 'distro'>;
  readonly cookbooks: readonly Cookbook[];
}

/** The same from pinned inputs at hand. */
export function explainPinned(
  { content, cookbooks }: PinnedAttributes,
  key: string,
  group: string | undefined,
): readonly ExplainedValue[] {
  const { resolved, distro } = content;
  const groups = resolved.groups.filter((each) => group === undefined || each.name === group);
  if (groups.length === 0) throw unknownGroup(group ?? '', resolved);
  const found = groups.flatMap((each) => {
    const merged = nodeAttributes({ resolved, distro, cookbooks }, { group: each.name, roles: withBase(each.roles) });
    return explainMerged(merged, cookbooks).map((value) => ({ ...value, groups: [each.name] }));
  });
  const wanted = found.filter((value) => value.key === key || value.key.startsWith(`${key}.`));
  if (wanted.length === 0) throw unknownKey(key, found, resolved.name);
  return joinGroups(wanted).toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}

type ValueOfGroup = Omit<ExplainedValue, 'groups'>;

/** Every leaf that has a value, and every declared attribute that has none. */
function explainMerged(
  { attributes, origins }: MergedAttributes,
  cookbooks: readonly Cookbook[],
): readonly ValueOfGroup[] {
  const given = Object.entries(origins).map(([pointer, { layer, place }]) => {
    const path = pathOf(pointer);
    const value = isSecretAttribute(cookbooks, path) ? REDACTED : valueAt(attributes, path);
    return { key: path.join('.'), value, layer, place };
  });
  const unset = declaredAttributes(cookbooks).filter(({ path }) => !isGiven(origins, path));
  return [...given, ...unset.map(({ path, place }) => ({ key: path.join('.'), value: null, layer: null, place }))];
}

function isGiven(origins: MergedAttributes['origins'], path: readonly string[]): boolean {
  const pointer = pointerOf(path);
  return Object.keys(origins).some((each) => each === pointer || each.startsWith(`${pointer}/`));
}

function pathOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(attributes: Attributes, path: readonly string[]): Json {
  return path.reduce<Json>((value, key) => (value as Attributes)[key] ?? null, attributes);
}

/** One line for groups that see the same. */
function joinGroups(values: readonly ExplainedValue[]): readonly ExplainedValue[] {
  const joined = new Map<string, ExplainedValue>();
  for (const value of values) {
    const same = JSON.stringify([value.key, value.value, value.layer, value.place]);
    joined.set(same, { ...value, groups: [...(joined.get(same)?.groups ?? []), ...value.groups] });
  }
  return [...joined.values()];
}

function unknownGroup(group: string, { name, groups }: PinnedContent['resolved']): BdeError {
  const names = groups.map((each) => each.name);
  return new BdeError(
    'USAGE',
    `The cluster ${name} has no group ${quoteText(group)}; there are ${names.join(', ')}${didYouMean(group, names) || '.'}`,
    { subject: { cluster: name }, hint: `See its groups with bde cluster show ${name}.` },
  );
}

function unknownKey(key: string, known: readonly ValueOfGroup[], cluster: string): BdeError {
  const keys = known.map((value) => value.key);
  const cookbooks = [...new Set(keys.map((each) => each.split('.')[0] ?? each))].sort();
  const near = didYouMean(key, [...keys, ...cookbooks]);
  return new BdeError('USAGE', `No attribute of ${cluster} is called ${quoteText(key)}${near || '.'}`, {
    subject: { cluster },
    hint: `Name a cookbook to see all of its attributes: ${cookbooks.join(', ')}.`,
  });
}
