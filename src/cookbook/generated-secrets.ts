import type { Cookbook } from './cookbook.js';
import { isAttributeMap } from './merge-attributes.js';
import type { Attributes, Json } from './types.js';
import type { ValueSchema } from './value-schema.js';

/** An attribute whose value bde makes where nobody gives one. */
export interface GeneratedSecret {
  /** `generated.vault.password`: what its placeholder bears, and what its value is kept under. */
  readonly name: string;
  /** From the cookbook's name down. */
  readonly path: readonly string[];
  readonly schema: ValueSchema;
}

/** The name of the value that bde makes for an attribute. */
export function generatedSecretName(path: readonly string[]): string {
  return ['generated', ...path].join('.');
}

/** The values that bde has to make for a cluster with this configuration: those that it does not give itself. */
export function wantedSecrets(cookbooks: readonly Cookbook[], configuration: Attributes): readonly GeneratedSecret[] {
  return cookbooks
    .flatMap(({ name, attributes }) => generatedBelow(attributes, [name]))
    .filter(({ path }) => !isGiven(configuration, path));
}

function generatedBelow(
  schemas: Readonly<Record<string, ValueSchema>>,
  below: readonly string[],
): readonly GeneratedSecret[] {
  return Object.entries(schemas).flatMap(([key, schema]) => {
    const path = [...below, key];
    if (schema.generate !== undefined) return [{ name: generatedSecretName(path), path, schema }];
    return generatedBelow(schema.properties ?? {}, path);
  });
}

function isGiven(values: Json | undefined, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return values !== undefined;
  return isAttributeMap(values) && Object.hasOwn(values, key) && isGiven(values[key], rest);
}
