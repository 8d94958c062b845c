import { Secret } from '../errors/secret.js';
import type { Cookbook } from './cookbook.js';
import { isAttributeMap } from './merge-attributes.js';
import { secretToken } from './secret-token.js';
import type { Attributes, Json } from './types.js';
import type { ValueSchema } from './value-schema.js';

/** Attributes whose secret values are placeholders, and the values by name. */
export interface SeparatedAttributes {
  readonly attributes: Attributes;
  readonly secrets: ReadonlyMap<string, Secret>;
}

/**
 * Takes the values of attributes that are declared `secret: true` out of one layer of attributes. `nameOf` names the
 * secret at a path (`['web', 'password']`); the names have to differ from layer to layer.
 */
export function separateSecrets(
  cookbooks: readonly Cookbook[],
  attributes: Attributes,
  nameOf: (path: readonly string[]) => string,
): SeparatedAttributes {
  const secrets = new Map<string, Secret>();
  const keep = (path: readonly string[], value: Json): Json => {
    const name = nameOf(path);
    // A value that was taken out before: the store has it.
    if (value === secretToken(name)) return value;
    secrets.set(name, new Secret(typeof value === 'string' ? value : JSON.stringify(value)));
    return secretToken(name);
  };
  const entries = Object.entries(attributes).map(([name, values]) => {
    const properties = cookbooks.find((cookbook) => cookbook.name === name)?.attributes ?? {};
    return [name, replaceSecrets({ type: 'object', properties }, values, { path: [name], keep })] as const;
  });
  return { attributes: Object.fromEntries(entries), secrets };
}

interface Replacing {
  readonly path: readonly string[];
  readonly keep: (path: readonly string[], value: Json) => Json;
}

function replaceSecrets(schema: ValueSchema, value: Json, { path, keep }: Replacing): Json {
  if (schema.secret === true) return keep(path, value);
  const replace = (key: string, part: Json): Json => {
    const below = partSchema(schema, key, Array.isArray(value));
    return below === undefined ? part : replaceSecrets(below, part, { path: [...path, key], keep });
  };
  if (Array.isArray(value)) return (value as readonly Json[]).map((item, index) => replace(String(index), item));
  if (!isAttributeMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, replace(key, field)]));
}

function partSchema(schema: ValueSchema, key: string, isList: boolean): ValueSchema | undefined {
  const { items, properties = {}, additionalProperties } = schema;
  if (isList) return items;
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
