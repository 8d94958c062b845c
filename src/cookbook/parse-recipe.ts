import type { BdeError } from '../errors/bde-error.js';
import { validateRecipe } from '../generated/validators.js';
import { documentValue } from '../spec/document/check-document.js';
import { findingAt, throwFindings } from '../spec/document/finding.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import { collectErrors } from './collect-errors.js';
import type { Recipe, RecipeResource, Rendering } from './cookbook.js';
import { keyPlace, textPlace } from './document-place.js';
import type { TemplateParser } from './render/template.js';
import { findResourceKind, RESOURCE_KINDS } from './resources/resource-kinds.js';
import { kindsWithParameter } from './schemas/resource-parameters.js';
import type { Json } from './types.js';

type WrittenResource = Readonly<Record<string, Json>>;
type Path = readonly (string | number)[];

const COMMON_KEYS: ReadonlySet<string> = new Set(['when', 'only_if', 'not_if', 'creates', 'notify']);

/**
 * A recipe from its file.
 *
 * @throws BdeError `COOKBOOK_INVALID` with all findings, or the one finding
 */
export function parseRecipe(document: ParsedDocument, templates: TemplateParser): Recipe {
  const { resources } = documentValue<{ readonly resources: readonly WrittenResource[] }>(
    document,
    validateRecipe,
    'COOKBOOK_INVALID',
  );
  const errors: BdeError[] = [];
  const parsed = resources.map((resource, index) =>
    collectErrors(errors, () => parseResource(resource, ['resources', index], { document, templates })),
  );
  throwFindings(errors, 'COOKBOOK_INVALID', document.file);
  return { resources: parsed.filter((resource) => resource !== undefined) };
}

interface RecipeSource {
  readonly document: ParsedDocument;
  readonly templates: TemplateParser;
}

function parseResource(resource: WrittenResource, path: Path, source: RecipeSource): RecipeResource {
  const kind = kindOf(resource, path, source.document);
  const parse = (key: string) => {
    const value = resource[key];
    return typeof value === 'string' ? source.templates.parse(value, textPlace(source.document, [...path, key])) : null;
  };
  const name = parse(kind);
  if (name === null) throw new TypeError('the schema lets only strings be names of resources');
  const parameters = Object.keys(resource).filter((key) => key !== kind && !COMMON_KEYS.has(key));
  return {
    kind,
    name,
    parameters: Object.fromEntries(
      parameters.map((key) => [key, renderingOf(resource[key] ?? null, [...path, key], source)]),
    ),
    when: parse('when'),
    onlyIf: parse('only_if'),
    notIf: parse('not_if'),
    creates: parse('creates'),
    notify: parseNotify(resource['notify'] ?? [], [...path, 'notify'], source),
    place: keyPlace(source.document, [...path, kind]),
    placeOf: (key) => keyPlace(source.document, [...path, key]),
  };
}

function parseNotify(value: Json, path: Path, { document, templates }: RecipeSource): RecipeResource['notify'] {
  if (typeof value === 'string') return [templates.parse(value, textPlace(document, path))];
  const list = Array.isArray(value) ? (value as readonly Json[]) : [];
  return list.flatMap((item, index) =>
    typeof item === 'string' ? [templates.parse(item, textPlace(document, [...path, index]))] : [],
  );
}

function kindOf(resource: WrittenResource, path: Path, document: ParsedDocument): string {
  const keys = Object.keys(resource);
  const kinds = keys.filter(
    (key) => findResourceKind(key) && !kindsWithParameter(key).some((kind) => keys.includes(kind)),
  );
  const names = RESOURCE_KINDS.map(({ kind }) => kind).sort();
  const [kind, second] = kinds;
  if (kind !== undefined && second === undefined) return kind;
  const unknown = keys.find((key) => !COMMON_KEYS.has(key)) ?? '';
  const message =
    kind === undefined
      ? `the resource has no kind${didYouMean(unknown, names)}`
      : `the resource has two kinds, ${kind} and ${second ?? ''}`;
  throw findingAt({ document, path }, { code: 'FIELD_INVALID', message, hint: `Give it one of: ${names.join(', ')}.` });
}

function renderingOf(value: Json, path: Path, source: RecipeSource): Rendering {
  if (typeof value === 'string') {
    const template = source.templates.parse(value, textPlace(source.document, path));
    return (context) => template.render(context);
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const parts = Object.entries(value).map(([key, part]) => [key, renderingOf(part, [...path, key], source)] as const);
  if (Array.isArray(value)) return (context) => parts.map(([, part]) => part(context));
  return (context) => Object.fromEntries(parts.map(([key, part]) => [key, part(context)]));
}
