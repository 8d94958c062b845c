import type {
  CommonKeys,
  CustomUse,
  RecipeItem,
  Rendering,
  Retry,
  WrittenArgument,
  WrittenArguments,
} from './cookbook.js';
import { keyPlace, textPlace, valuePlace } from './document-place.js';
import { kindOfItem } from './item-kind.js';
import type { ItemSource, WrittenItem } from './item-source.js';
import type { Template } from './render/template.js';
import { COMMON_KEYS } from './schemas/resource-item.js';
import type { Json } from './types.js';

type Path = readonly (string | number)[];

const DEFAULT_DELAY_SECONDS = 2;

/**
 * One item of a recipe or of a custom resource.
 *
 * @throws BdeError `FIELD_INVALID` where it is of no kind or of two, `RENDER_FAILED`
 */
export function parseItem(item: WrittenItem, path: Path, source: ItemSource): RecipeItem {
  const kind = kindOfItem(item, path, source);
  const common = commonKeys(item, [...path], source, kind);
  if (kind === 'include') {
    const given = mapOf(item['arguments'] ?? {});
    return {
      ...common,
      type: 'include',
      recipe: typeof item['include'] === 'string' ? item['include'] : '',
      arguments: argumentsOf(given, [...path, 'arguments'], source),
    };
  }
  const name = textAt(item, kind, path, source);
  if (name === null) throw new TypeError('the schema lets only strings be names of resources');
  const own = Object.entries(item).filter(([key]) => key !== kind && !COMMON_KEYS.has(key));
  if (kind.includes('::')) return customUse(common, { kind, name, own, path, source });
  const parameters = own.map(([key, value]) => [key, renderingOf(value, [...path, key], source)] as const);
  return { ...common, type: 'resource', kind, name, parameters: Object.fromEntries(parameters) };
}

interface CustomParts {
  readonly kind: string;
  readonly name: Template;
  readonly own: readonly (readonly [string, Json])[];
  readonly path: Path;
  readonly source: ItemSource;
}

function customUse(common: CommonKeys, { kind, name, own, path, source }: CustomParts): CustomUse {
  return {
    ...common,
    type: 'custom',
    resource: kind,
    name,
    arguments: argumentsOf(Object.fromEntries(own), path, source),
  };
}

function commonKeys(item: WrittenItem, path: Path, source: ItemSource, kind: string): CommonKeys {
  const { document } = source;
  const text = (key: string) => textAt(item, key, path, source);
  return {
    when: text('when'),
    onlyIf: text('only_if'),
    notIf: text('not_if'),
    creates: text('creates'),
    notify: parseNotify(item['notify'] ?? [], [...path, 'notify'], source),
    retry: retryOf(item['retry']),
    timeout: item['timeout'] === undefined ? null : renderingOf(item['timeout'], [...path, 'timeout'], source),
    once: item['once'] === true,
    forEach: item['for_each'] === undefined ? null : forEachOf(item['for_each'], [...path, 'for_each'], source),
    place: keyPlace(document, [...path, kind]),
    placeOf: (key) => keyPlace(document, [...path, key]),
  };
}

function textAt(item: WrittenItem, key: string, path: Path, { document, templates }: ItemSource): Template | null {
  const value = item[key];
  return typeof value === 'string' ? templates.parse(value, textPlace(document, [...path, key])) : null;
}

function parseNotify(value: Json, path: Path, { document, templates }: ItemSource): readonly Template[] {
  if (typeof value === 'string') return [templates.parse(value, textPlace(document, path))];
  const list = Array.isArray(value) ? (value as readonly Json[]) : [];
  return list.flatMap((item, index) =>
    typeof item === 'string' ? [templates.parse(item, textPlace(document, [...path, index]))] : [],
  );
}

function retryOf(value: Json | undefined): Retry | null {
  if (value === undefined) return null;
  if (typeof value === 'number') return { times: value, delaySeconds: DEFAULT_DELAY_SECONDS };
  const { times = 1, delay_seconds: delaySeconds = DEFAULT_DELAY_SECONDS } = mapOf(value);
  return { times: Number(times), delaySeconds: Number(delaySeconds) };
}

/** A text is an expression, a list or map is meant as it stands. */
function forEachOf(value: Json, path: Path, source: ItemSource): Rendering {
  if (typeof value !== 'string') return renderingOf(value, path, source);
  const expression = source.templates.parseExpression(value, textPlace(source.document, path));
  return (context) => expression.evaluate(context) as Json;
}

function argumentsOf(given: WrittenItem, path: Path, source: ItemSource): WrittenArguments {
  const entries = Object.entries(given).map(([key, value]): readonly [string, WrittenArgument] => {
    const at = [...path, key];
    const { document } = source;
    const render = renderingOf(value, at, source, 'typed');
    return [
      key,
      { render, keyPlace: keyPlace(document, at), place: valuePlace(document, at), source: document.sourceOf(at) },
    ];
  });
  return Object.fromEntries(entries);
}

/** One expression in braces and nothing around it. */
const EXPRESSION = /^\{\{\s*([^{}#>!/&~\s][^{}]*)\}\}$/;

/** `typed`: a text that is one expression gives the value itself instead of its text. */
function renderingOf(value: Json, path: Path, source: ItemSource, mode: 'text' | 'typed' = 'text'): Rendering {
  if (typeof value === 'string') return textRendering(value, path, source, mode);
  if (typeof value !== 'object' || value === null) return () => value;
  const parts = Object.entries(value).map(
    ([key, part]) =>
      [key, renderingOf(part, [...path, Array.isArray(value) ? Number(key) : key], source, mode)] as const,
  );
  if (Array.isArray(value)) return (context) => parts.map(([, part]) => part(context));
  return (context) => Object.fromEntries(parts.map(([key, part]) => [key, part(context)]));
}

function textRendering(text: string, path: Path, source: ItemSource, mode: 'text' | 'typed'): Rendering {
  const place = textPlace(source.document, path);
  const expression = mode === 'typed' ? EXPRESSION.exec(text)?.[1] : undefined;
  if (expression === undefined) {
    const template = source.templates.parse(text, place);
    return (context) => template.render(context);
  }
  const parsed = source.templates.parseExpression(expression, { ...place, column: place.column + 2 });
  return (context) => parsed.evaluate(context) as Json;
}

function mapOf(value: Json): WrittenItem {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WrittenItem) : {};
}
