import type { Cookbook } from '../../cookbook/cookbook.js';
import type { ValueSchema } from '../../cookbook/value-schema.js';

/** The path of every attribute that cookbooks declare (`['base', 'hostsScope']`), and the place of its declaration. */
export function declaredAttributes(
  cookbooks: readonly Cookbook[],
): readonly { readonly path: readonly string[]; readonly place: string }[] {
  return cookbooks.flatMap(({ name, attributes, attributePlace }) =>
    Object.keys(attributes).map((attribute) => ({ path: [name, attribute], place: attributePlace([attribute]) })),
  );
}

/** Whether the value at a path is declared to be secret, itself or as part of a value that is. */
export function isSecretAttribute(cookbooks: readonly Cookbook[], path: readonly string[]): boolean {
  const [name, ...rest] = path;
  const properties = cookbooks.find((cookbook) => cookbook.name === name)?.attributes ?? {};
  return isSecretBelow({ type: 'object', properties }, rest);
}

function isSecretBelow(schema: ValueSchema, path: readonly string[]): boolean {
  if (schema.secret === true) return true;
  const [key, ...rest] = path;
  // Lists are leaves of an attribute tree: what is secret in one of their items makes the whole of it so.
  if (key === undefined) return holdsSecret(schema);
  const below = fieldSchema(schema, key);
  return below !== undefined && isSecretBelow(below, rest);
}

function holdsSecret({ secret, items, properties, additionalProperties }: ValueSchema): boolean {
  const parts = [items, typeof additionalProperties === 'object' ? additionalProperties : undefined];
  return (
    secret === true ||
    [...parts, ...Object.values(properties ?? {})].some((part) => part !== undefined && holdsSecret(part))
  );
}

function fieldSchema({ properties = {}, additionalProperties }: ValueSchema, key: string): ValueSchema | undefined {
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
