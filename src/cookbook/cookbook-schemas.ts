import { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { quoteText } from '../spec/document/quote-source.js';
import { schemaFor, type JsonSchema } from '../spec/schema-for.js';

/** A format of a cookbook's files. */
export interface CookbookFormat {
  /** As `bde cookbook schema NAME` takes it. */
  readonly name: string;
  /** Files that have this format. */
  readonly files: string;
  readonly summary: string;
}

/** Every format of a cookbook's files that has a schema, by name. */
export const COOKBOOK_FORMATS: readonly CookbookFormat[] = [
  { name: 'attributes', files: 'attributes.yaml', summary: 'Values that templates may use, with types and defaults' },
  { name: 'metadata', files: 'metadata.yaml', summary: 'Name, version, and what it needs' },
  { name: 'recipe', files: 'recipes/*.yaml', summary: 'A list of resources' },
  { name: 'resource', files: 'resources/*.yaml', summary: 'A resource that is made of others' },
  { name: 'role', files: 'roles/*.yaml', summary: 'A duty of nodes: what it runs, needs, and when it is ready' },
];

const IDS: Readonly<Record<string, string>> = {
  attributes: 'cookbook-attributes',
  metadata: 'cookbook-metadata',
  resource: 'custom-resource',
};

/**
 * The JSON Schema of a format, whole in itself, for editors and other programs.
 *
 * @throws BdeError `USAGE` for a name that no format has
 */
export function cookbookSchema(name: string): JsonSchema {
  const names = COOKBOOK_FORMATS.map((format) => format.name);
  if (names.includes(name)) return schemaFor(IDS[name] ?? name);
  throw new BdeError('USAGE', `no format of cookbooks is called ${quoteText(name)}${didYouMean(name, names)}`, {
    hint: `Use one of: ${names.join(', ')}.`,
  });
}
