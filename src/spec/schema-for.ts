import { SCHEMAS } from '../generated/schemas.js';
import { BdeError } from '../errors/bde-error.js';
import { didYouMean } from './document/nearest-name.js';
import { quoteText } from './document/quote-source.js';

/** A JSON Schema (2020-12), plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const PREFIX = 'bde:';

/** Names of all formats that have a schema, sorted: `cluster-spec`, `role`, `site`, … */
export function schemaNames(): readonly string[] {
  return Object.keys(SCHEMAS)
    .map((id) => id.slice(PREFIX.length))
    .sort();
}

/**
 * The schema of a format, whole in itself: others that it refers to are put into its `$defs`.
 *
 * @throws BdeError `USAGE` for a name that no format has
 */
export function schemaFor(name: string): JsonSchema {
  const schema = Object.hasOwn(SCHEMAS, PREFIX + name) ? SCHEMAS[PREFIX + name] : undefined;
  if (schema === undefined) throw unknownSchema(name);
  const embedded = [...referredIds(schema, new Set())]
    .sort()
    .map((id) => [id.slice(PREFIX.length), SCHEMAS[id]] as const);
  if (embedded.length === 0) return schema;
  return { ...schema, $defs: { ...(schema['$defs'] as JsonSchema | undefined), ...Object.fromEntries(embedded) } };
}

/** Ids of the schemas that one refers to, directly or through others. */
function referredIds(value: unknown, found: Set<string>): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string' && Object.hasOwn(SCHEMAS, inner) && !found.has(inner)) {
      referredIds(SCHEMAS[inner], found.add(inner));
    }
    referredIds(inner, found);
  }
  return found;
}

function unknownSchema(name: string): BdeError {
  const names = schemaNames();
  return new BdeError('USAGE', `no format is called ${quoteText(name)}${didYouMean(name, names)}`, {
    hint: `Use one of: ${names.join(', ')}.`,
  });
}
