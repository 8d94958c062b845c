import { didYouMean } from '../spec/document/nearest-name.js';
import { isAttributeMap } from './merge-attributes.js';
import type { Json } from './types.js';
import type { ValueSchema } from './value-schema.js';

/** What a path of attributes leads to; `problem` says why it can lead nowhere. */
export type FoundAttribute = { readonly value: Json | undefined } | { readonly problem: string };

/**
 * The attribute at a path of keys with dots between, such as `site.port`. Keys may have dots in them, as names of files
 * have (`files.core-site.xml`): of two that fit the longer one counts. Undefined where nobody gave a value.
 */
export function findAttribute(
  declared: Readonly<Record<string, ValueSchema>>,
  values: Json | undefined,
  path: string,
): FoundAttribute {
  return walk({ schema: { type: 'object', properties: declared }, value: values, rest: path }, path);
}

interface Position {
  readonly schema: ValueSchema | undefined;
  readonly value: Json | undefined;
  readonly rest: string;
}

function walk({ schema, value, rest }: Position, path: string): FoundAttribute {
  const properties = schema?.properties ?? {};
  const fields = isAttributeMap(value) ? value : {};
  const keys = [...new Set([...Object.keys(properties), ...Object.keys(fields)])];
  const fitting = keys.filter((key) => rest === key || rest.startsWith(`${key}.`));
  const [key] = fitting.sort((a, b) => b.length - a.length);
  if (key === undefined) {
    if (hasFreeKeys(schema)) return { value: undefined };
    return { problem: `names the attribute ${path}, which is not declared${didYouMean(rest, keys)}` };
  }
  const below = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (rest === key) return { value: below };
  return walk({ schema: schemaOf(schema, key), value: below, rest: rest.slice(key.length + 1) }, path);
}

function schemaOf(schema: ValueSchema | undefined, key: string): ValueSchema | undefined {
  const { properties = {}, additionalProperties } = schema ?? {};
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function hasFreeKeys(schema: ValueSchema | undefined): boolean {
  if (schema === undefined) return true;
  const { type, properties, additionalProperties = properties === undefined } = schema;
  return type === 'object' && additionalProperties !== false;
}
