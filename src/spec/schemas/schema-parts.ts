import { allNames, type AliasTable } from '../dialect-names.js';

/** Part of a JSON Schema. */
export type SchemaPart = Readonly<Record<string, unknown>>;

/** A string that is not empty and has no control characters: what ends up in messages and file names. */
export function text(description: string): SchemaPart {
  return {
    description,
    type: 'string',
    pattern: '^[^\\u0000-\\u001f\\u007f]+$',
    'x-allowed': 'a string that is not empty, on one line',
  };
}

/** A list of such strings. */
export function texts(description: string): SchemaPart {
  return { description, type: 'array', items: text(description) };
}

/** One of these words, in upper or lower case. */
export function word(description: string, words: readonly string[]): SchemaPart {
  const lower = words.map((name) => name.toLowerCase());
  const upper = words.map((name) => name.toUpperCase());
  return { description, enum: [...new Set([...words, ...upper, ...lower])], 'x-allowed': `one of ${words.join(', ')}` };
}

/** An integer that is no less than this. */
export function wholeNumber(description: string, minimum: number): SchemaPart {
  return { description, type: 'integer', minimum, 'x-allowed': `a whole number from ${minimum}` };
}

/** A number from 0 to 1. */
export function ratio(description: string): SchemaPart {
  return { description, type: 'number', minimum: 0, maximum: 1, 'x-allowed': 'a number from 0 to 1' };
}

/** True or false. */
export function flag(description: string): SchemaPart {
  return { description, type: 'boolean' };
}

/** Anything that is an object; what is in it is nobody's business here. */
export function anyObject(description: string): SchemaPart {
  return { description, type: 'object' };
}

/** An object that has these fields, under any of their names, and no others. */
export function closedObject(
  properties: Readonly<Record<string, SchemaPart>>,
  options: { readonly required?: readonly string[]; readonly aliases?: AliasTable; readonly description?: string } = {},
): SchemaPart {
  return {
    ...(options.description !== undefined && { description: options.description }),
    type: 'object',
    ...(options.required !== undefined && { required: options.required }),
    properties: withAliases(properties, options.aliases ?? {}),
    additionalProperties: false,
  };
}

function withAliases(properties: Readonly<Record<string, SchemaPart>>, aliases: AliasTable): SchemaPart {
  const entries = Object.entries(properties).flatMap(([name, schema]) =>
    allNames(name, aliases).map((each) => [each, each === name ? schema : aliasOf(name, schema)] as const),
  );
  return Object.fromEntries(entries);
}

function aliasOf(name: string, schema: SchemaPart): SchemaPart {
  return {
    ...schema,
    description: `The same as "${name}", in the dialect of BDE's internal manifest.`,
    deprecated: true,
  };
}
