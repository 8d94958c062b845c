import { findingAt } from '../spec/document/finding.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import type { ItemSource, WrittenItem } from './item-source.js';
import { findResourceKind, RESOURCE_KINDS } from './resources/resource-kinds.js';
import { COMMON_KEYS, QUALIFIED_NAME } from './schemas/resource-item.js';
import { kindsWithParameter } from './schemas/resource-parameters.js';

/**
 * The key of an item that names its kind: a kind of bde, `include`, or `cookbook::name` of a custom resource.
 *
 * @throws BdeError `FIELD_INVALID` where there is none, or more than one
 */
export function kindOfItem(item: WrittenItem, path: readonly (string | number)[], source: ItemSource): string {
  const keys = Object.keys(item).filter((key) => !COMMON_KEYS.has(key));
  const custom = keys.filter((key) => key.includes('::'));
  const [kind, second] = custom.length > 0 ? custom : builtInKinds(keys);
  if (kind === undefined) throw kindProblem(path, source, noKind(keys, source));
  if (second !== undefined) throw kindProblem(path, source, `the resource has two kinds, ${kind} and ${second}`);
  if (custom.length === 0 || new RegExp(QUALIFIED_NAME).test(kind)) return kind;
  throw kindProblem(
    [...path, kind],
    source,
    `${JSON.stringify(kind)} names no custom resource; that is cookbook::name`,
  );
}

function builtInKinds(keys: readonly string[]): readonly string[] {
  return keys.filter(
    (key) =>
      (key === 'include' || findResourceKind(key) !== undefined) &&
      !kindsWithParameter(key).some((kind) => keys.includes(kind)),
  );
}

function noKind(keys: readonly string[], { customNames }: ItemSource): string {
  const [first = ''] = keys;
  const own = customNames.find((name) => name.split('::')[1] === first);
  const near = own === undefined ? didYouMean(first, [...kindNames(), ...customNames]) : `; did you mean "${own}"?`;
  return `the resource has no kind${near}`;
}

function kindNames(): readonly string[] {
  return [...RESOURCE_KINDS.map(({ kind }) => kind), 'include'].sort();
}

function kindProblem(path: readonly (string | number)[], { document, customNames }: ItemSource, message: string) {
  const names = [...kindNames(), ...customNames];
  const hint = `Give it one of: ${names.join(', ')}; or cookbook::name of a custom resource.`;
  return findingAt({ document, path }, { code: 'FIELD_INVALID', message, hint });
}
