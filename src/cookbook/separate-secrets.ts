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
  const keep: KeepSecret = (path, value) => {
    const name = nameOf(path);
    // A value that was taken out before: the store has it.
    if (value === secretToken(name)) return value;
    secrets.set(name, new Secret(typeof value === 'string' ? value : JSON.stringify(value)));
    return secretToken(name);
  };
  return { attributes: replaceInLayer(cookbooks, attributes, keep), secrets };
}

/** Every attribute of a layer that is declared `secret: true`, with its description; a placeholder counts as a value. */
export function findSecrets(
  cookbooks: readonly Cookbook[],
  attributes: Attributes,
): readonly { readonly path: readonly string[]; readonly schema: ValueSchema }[] {
  const found: { readonly path: readonly string[]; readonly schema: ValueSchema }[] = [];
  replaceInLayer(cookbooks, attributes, (path, value, schema) => {
    found.push({ path, schema });
    return value;
  });
  return found;
}

type KeepSecret = (path: readonly string[], value: Json, schema: ValueSchema) => Json;

function replaceInLayer(cookbooks: readonly Cookbook[], attributes: Attributes, keep: KeepSecret): Attributes {
  const entries = Object.entries(attributes).map(([name, values]) => {
    const properties = cookbooks.find((cookbook) => cookbook.name === name)?.attributes ?? {};
    return [name, replaceSecrets({ type: 'object', properties }, values, { path: [name], keep })] as const;
  });
  return Object.fromEntries(entries);
}

interface Replacing {
  readonly path: readonly string[];
  readonly keep: KeepSecret;
}

function replaceSecrets(schema: ValueSchema, value: Json, { path, keep }: Replacing): Json {
  if (schema.secret === true) return keep(path, value, schema);
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
