import type { Cookbook, RoleDefinition } from './cookbook.js';
import { generatedSecretName } from './generated-secrets.js';
import { memoByIdentity } from './memo-by-identity.js';
import type { AttributeLayer } from './merge-attributes.js';
import { secretToken } from './secret-token.js';
import type { Attributes, Role } from './types.js';
import type { ValueSchema } from './value-schema.js';

/** The defaults of every cookbook, as the most general layer; placeholders stand for secrets that bde makes. */
export function cookbookLayer(cookbooks: readonly Cookbook[]): AttributeLayer {
  const values = cookbooks.map(({ name, attributes }) => [name, defaultsOf(attributes, [name])] as const);
  return {
    name: 'cookbook',
    values: Object.fromEntries(values),
    placeOf: ([name = '', ...path]) => cookbooks.find((each) => each.name === name)?.attributePlace(path) ?? name,
  };
}

/** What the files of these roles say, a layer each, in the order given. */
export function roleLayers(cookbooks: readonly Cookbook[], roleNames: readonly string[]): readonly AttributeLayer[] {
  return roleNames.flatMap((name) => {
    const definition = findRole(cookbooks, name);
    if (definition === undefined) return [];
    return [{ name: 'role', values: definition.attributes, placeOf: definition.attributePlace }];
  });
}

/** The role of this name, whichever cookbook has it. */
export function findRole(cookbooks: readonly Cookbook[], name: string): RoleDefinition | undefined {
  for (const { roles } of cookbooks) {
    if (Object.hasOwn(roles, name)) return roles[name];
  }
  return undefined;
}

/** Every role of the cookbooks, by name. */
export const rolesByName = memoByIdentity((cookbooks: readonly Cookbook[]): ReadonlyMap<string, Role> => {
  const roles = cookbooks.flatMap((cookbook) => Object.values(cookbook.roles));
  return new Map(roles.map(({ role }) => [role.name, role]));
});

function defaultsOf(schemas: Readonly<Record<string, ValueSchema>>, below: readonly string[]): Attributes {
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => {
      const path = [...below, name];
      if (schema.generate !== undefined) return [[name, secretToken(generatedSecretName(path))]];
      if (schema.default !== undefined) return [[name, schema.default]];
      const fields = defaultsOf(schema.properties ?? {}, path);
      return Object.keys(fields).length === 0 ? [] : [[name, fields]];
    }),
  );
}
