import { didYouMean } from '../../spec/document/nearest-name.js';
import { renderError } from './render-error.js';
import { parsePlace } from './source-place.js';

/** One lookup as `strictProgram` wrote it: first step, place, path as written, further steps. */
export interface PathLookup {
  readonly head: unknown;
  readonly place: string;
  readonly path: string;
  readonly steps: readonly string[];
}

/**
 * The value at a path; own properties of plain data only.
 *
 * @throws BdeError `RENDER_FAILED` where a step is missing or null
 */
export function requiredValue(lookup: PathLookup): unknown {
  let value = lookup.head;
  if (isMissing(value)) throw missingValue(lookup);
  for (const step of lookup.steps) {
    const next = stepInto(value, step);
    if (isMissing(next)) throw missingValue(lookup, { step, siblings: namesIn(value) });
    value = next;
  }
  return value;
}

/** The value at a path, or undefined where any step is missing or null. */
export function optionalValue(lookup: PathLookup): unknown {
  const found = lookup.steps.reduce(stepInto, lookup.head);
  return isMissing(found) ? undefined : found;
}

/**
 * The text that `{{path}}` prints.
 *
 * @throws BdeError `RENDER_FAILED` where the value is missing, or a list or map
 */
export function printedValue(lookup: PathLookup): string {
  const value = requiredValue(lookup);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const what = Array.isArray(value) ? 'a list' : 'a map';
  const hint = `Use {{#each ${lookup.path}}}, {{join ${lookup.path} ","}} or {{json ${lookup.path}}}.`;
  throw renderError(parsePlace(lookup.place), `"${lookup.path}" is ${what}, which has no text`, hint);
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function stepInto(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[step];
}

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => (isMissing(field) ? [] : [name]));
}

function missingValue(
  { place, path }: PathLookup,
  at: { readonly step: string; readonly siblings: readonly string[] } = { step: path, siblings: [] },
): Error {
  const suggestion = didYouMean(at.step, at.siblings);
  return renderError(parsePlace(place), `"${path}" is missing${suggestion}`, hintFor(path));
}

function hintFor(path: string): string {
  const [, area, name, below] = /(?:^|\/|root\.)(roles|facts|attributes|parameters)\.([^.]+)(.*)/.exec(path) ?? [];
  if (area === 'roles' || area === 'facts') return `Name ${name ?? ''} under "requires" or "reads" of the role.`;
  if (area === 'attributes') {
    const set = `--set configuration.COOKBOOK.${name ?? ''}${below ?? ''}=VALUE, or the same in the spec`;
    return `Give it a value: ${set}; or, in attributes.yaml, a default or "generate"; or ask first: {{#if (has ${path})}}.`;
  }
  if (area === 'parameters') return `Declare ${name ?? ''} under "parameters" of the recipe or custom resource.`;
  return `Ask first where it is optional: {{#if (has ${path})}}.`;
}
