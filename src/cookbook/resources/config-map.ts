import { findAttribute } from '../find-attribute.js';
import { CONFIG_FORMATS } from '../formats/config-format.js';
import { FormatProblem, type ConfigMap } from '../formats/config-value.js';
import { isAttributeMap } from '../merge-attributes.js';
import { hasSecretToken } from '../secret-token.js';
import files from '../shell/files.sh';
import type { Json } from '../types.js';
import script from './config_map.sh';
import { fileCall, wantedFile } from './file-call.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { RenderedResource, ResolveContext, ResourceKind } from './resource-kind.js';

/** A file of settings: a map of the recipe, of an attribute, or the one over the other, printed in the file's format. */
export const configMap: ResourceKind = {
  kind: 'config_map',
  revision: 1,
  scripts: [files, script],
  resolve(resource, context) {
    const reader = readParameters(resource, context.problem);
    const path = reader.path(null);
    const settings = settingsOf(resource, reader, context);
    const map = reader.flag('sorted', true) ? sortedMap(settings) : settings;
    const content = printMap(reader.choice('format', Object.keys(CONFIG_FORMATS)), map, context.problem);
    return { ...fileCall(wantedFile(reader, path, content), context.input), function: 'config_map' };
  },
};

/** What the recipe says goes before what the attribute says, so that a product's own keys cannot be taken from it. */
function settingsOf(resource: RenderedResource, reader: ParameterReader, context: ResolveContext): ConfigMap {
  const { values = {} } = resource.parameters;
  if (!reader.has('from') && !reader.has('values')) {
    throw context.problem(null, 'has to have "from", "values" or both');
  }
  const given = reader.has('from') ? attributeMap(reader.text('from'), context) : {};
  if (!isAttributeMap(values)) throw context.problem('values', 'is no map');
  const map = withoutNulls(mergedMap(given, values));
  if (hasSecretKey(map)) throw context.problem(null, 'has a secret as a key; allowed is one as a value');
  return map;
}

function attributeMap(path: string, { cookbook, input, problem }: ResolveContext): ConfigMap {
  const found = findAttribute(cookbook.attributes, input.attributes[cookbook.name], path);
  if ('problem' in found) {
    const hint = `Declare it in attributes.yaml of the cookbook ${cookbook.name}, as a map.`;
    throw problem('from', found.problem, hint);
  }
  const { value = {} } = found;
  if (isAttributeMap(value)) return value;
  throw problem('from', `names the attribute ${path}, which is no map`);
}

/** What is under may be taken away by a null over it. */
function mergedMap(under: ConfigMap, over: ConfigMap): ConfigMap {
  const keys = [...new Set([...Object.keys(under), ...Object.keys(over)])];
  const merged = keys.map((key) => {
    const [low, high] = [ownValue(under, key), ownValue(over, key)];
    if (isAttributeMap(low) && isAttributeMap(high)) return [key, mergedMap(low, high)] as const;
    return [key, (high === undefined ? low : high) ?? null] as const;
  });
  return Object.fromEntries(merged);
}

function ownValue(map: ConfigMap, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function withoutNulls(map: ConfigMap): ConfigMap {
  const kept = Object.entries(map).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, isAttributeMap(value) ? withoutNulls(value) : value]));
}

function hasSecretKey(map: ConfigMap): boolean {
  return Object.entries(map).some(
    ([key, value]) => hasSecretToken(key) || (isAttributeMap(value) && hasSecretKey(value)),
  );
}

/** By code unit, so that neither the host's language nor the order of layers moves a line. */
function sortedMap(map: ConfigMap): ConfigMap {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, isAttributeMap(value) ? sortedMap(value) : value]));
}

function printMap(format: string, map: ConfigMap, problem: ResolveContext['problem']): string {
  try {
    return CONFIG_FORMATS[format]?.(map) ?? '';
  } catch (error) {
    if (error instanceof FormatProblem) throw problem(null, error.message);
    throw error;
  }
}
