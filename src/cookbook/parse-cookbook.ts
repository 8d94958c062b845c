import { BdeError } from '../errors/bde-error.js';
import { validateCookbookAttributes } from '../generated/validators.js';
import { documentValue } from '../spec/document/check-document.js';
import { throwFindings } from '../spec/document/finding.js';
import { parseDocument, type ParsedDocument } from '../spec/document/parse-document.js';
import { checkDefaults } from './check-defaults.js';
import { checkGenerators } from './check-generators.js';
import { collectErrors } from './collect-errors.js';
import type { Cookbook } from './cookbook.js';
import { valuePlace } from './document-place.js';
import { parseCustomResource } from './parse-custom-resource.js';
import { parseMetadata } from './parse-metadata.js';
import { parseRecipe } from './parse-recipe.js';
import { parseRole } from './parse-role.js';
import { parseTemplates } from './parse-templates.js';
import { formatPlace } from './render/source-place.js';
import type { CookbookSource } from './types.js';
import type { ValueSchema } from './value-schema.js';

/**
 * A cookbook from its files. Files that the format does not know (rehearsal/, README.md) are left alone.
 *
 * @throws BdeError `COOKBOOK_INVALID` with everything that is wrong in any of its files, each with its place
 */
export function parseCookbook(source: CookbookSource): Cookbook {
  const errors: BdeError[] = [];
  const { parser, templates } = parseTemplates(source, errors);
  const metadata = collectErrors(errors, () => parseMetadata(source.name, documentOf(source, 'metadata.yaml')));
  const attributes = collectErrors(errors, () => parseAttributes(source));
  const roles = parseEach(source, { folder: 'roles', errors }, (document, name) =>
    parseRole({ name, cookbook: source.name }, document, parser),
  );
  const items = { templates: parser, customNames: customNamesOf(source) };
  const recipes = parseEach(source, { folder: 'recipes', errors }, (document) => parseRecipe(document, items));
  const resources = parseEach(source, { folder: 'resources', errors }, (document) =>
    parseCustomResource(document, items),
  );
  throwFindings(errors, 'COOKBOOK_INVALID', source.path);
  if (!metadata || !attributes) throw new TypeError('a part of the cookbook failed without an error');
  return { ...metadata, ...attributes, roles, recipes, resources, templates, files: filesBelow(source, 'files/') };
}

function customNamesOf({ name, files }: CookbookSource): readonly string[] {
  const names = Object.keys(files).flatMap((path) => /^resources\/([a-z][a-z0-9_-]*)\.yaml$/.exec(path)?.[1] ?? []);
  return names.sort().map((each) => `${name}::${each}`);
}

function parseAttributes(source: CookbookSource): Pick<Cookbook, 'attributes' | 'attributePlace'> {
  if (source.files['attributes.yaml'] === undefined) {
    return { attributes: {}, attributePlace: () => `${source.path}/attributes.yaml` };
  }
  const document = documentOf(source, 'attributes.yaml');
  const attributes = documentValue<Readonly<Record<string, ValueSchema>>>(
    document,
    validateCookbookAttributes,
    'COOKBOOK_INVALID',
  );
  const findings = [...checkDefaults(document, attributes, [], 'attribute'), ...checkGenerators(document, attributes)];
  throwFindings(findings, 'COOKBOOK_INVALID', document.file);
  return {
    attributes,
    attributePlace: ([name = '', ...path]) => formatPlace(valuePlace(document, [name, 'default', ...path])),
  };
}

/** Every YAML file of a folder, parsed, by name without extension. */
function parseEach<Value extends object>(
  source: CookbookSource,
  { folder, errors }: { readonly folder: string; readonly errors: BdeError[] },
  parse: (document: ParsedDocument, name: string) => Value,
): Readonly<Record<string, Value>> {
  const paths = Object.keys(source.files).filter((path) => path.startsWith(`${folder}/`));
  const parsed = paths.sort().flatMap((path) => {
    const name = path.slice(folder.length + 1).replace(/\.yaml$/, '');
    const value = collectErrors(errors, () => parse(documentOf(source, checkedName(source, path)), name));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(parsed);
}

function checkedName(source: CookbookSource, path: string): string {
  if (/^[a-z]+\/[A-Za-z][\w-]*\.yaml$/.test(path)) return path;
  const message = `${source.path}/${path} is no file of a cookbook: names are letters, digits, _ and -, ending in .yaml`;
  throw new BdeError('COOKBOOK_INVALID', message, { subject: { file: `${source.path}/${path}` } });
}

function documentOf(source: CookbookSource, path: string): ParsedDocument {
  const content = source.files[path];
  if (content !== undefined) return parseDocument(content.toString('utf8'), `${source.path}/${path}`);
  throw new BdeError('COOKBOOK_INVALID', `The cookbook ${source.path} has no ${path}`, {
    subject: { file: `${source.path}/${path}` },
    hint: 'Every cookbook has a metadata.yaml with formatVersion, name, version and summary.',
  });
}

/** Files of a folder by their path from there. */
function filesBelow(source: CookbookSource, prefix: string): Readonly<Record<string, Buffer>> {
  const entries = Object.entries(source.files).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(entries.map(([path, content]) => [path.slice(prefix.length), content]));
}
