import type { BdeError } from '../../errors/bde-error.js';
import { findingAt, type FindingText, type Place } from './finding.js';
import { formatPath } from './format-path.js';
import { choicesOf, describeAllowed } from './describe-allowed.js';
import { didYouMean } from './nearest-name.js';
import type { ParsedDocument } from './parse-document.js';
import { quoteText } from './quote-source.js';
import type { SchemaError } from './schema-validator.js';
import { valueAt, type DocumentPath } from './source-tree.js';
import { yamlTrap } from './yaml-trap.js';

/**
 * One failed keyword as a finding: what was found, what is allowed, the nearest valid name.
 *
 * Two annotations of a schema speak in place of the keyword: `x-allowed` says in words what fits (for a pattern:
 * `letters and digits, 1 to 80`), `x-hint` what to do.
 */
export function explainSchemaError(error: SchemaError, document: ParsedDocument, base: DocumentPath = []): BdeError {
  const path = [...base, ...pathOf(error.instancePath, valueAt(document.value, base))];
  const place = placeOf(error, document, path);
  const text = textOf(error, place);
  return findingAt(place, { hint: stringOf(error.parentSchema?.['x-hint']), ...text });
}

const UNKNOWN_FIELD = new Set(['additionalProperties', 'unevaluatedProperties']);

function placeOf(error: SchemaError, document: ParsedDocument, path: DocumentPath): Place {
  if (error.keyword === 'uniqueItems')
    return { document, path: [...path, Math.max(Number(error.params['i']), Number(error.params['j']))] };
  const name = unknownField(error) ?? error.propertyName;
  if (name === undefined) return { document, path };
  return { document, path: [...path, name], part: 'key' };
}

function unknownField(error: SchemaError): string | undefined {
  return stringOf(error.params['additionalProperty'] ?? error.params['unevaluatedProperty']);
}

function textOf(error: SchemaError, place: Place): FindingText {
  const field = formatPath(place.path);
  if (UNKNOWN_FIELD.has(error.keyword)) return explainUnknownField(error, place);
  if (error.keyword === 'required') {
    const missing = JSON.stringify(error.params['missingProperty']);
    return { code: 'FIELD_INVALID', message: `${field} lacks the field ${missing}` };
  }
  if (error.keyword === 'dependentRequired') {
    const [has, missing] = [error.params['property'], error.params['missingProperty']].map((name) =>
      JSON.stringify(name),
    );
    return { code: 'FIELD_INVALID', message: `${field} has the field ${has ?? ''} and lacks ${missing ?? ''}` };
  }
  if (error.keyword === 'uniqueItems') {
    const found = describeValue(valueAt(place.document.value, place.path));
    return { code: 'FIELD_INVALID', message: `${formatPath(place.path.slice(0, -1))} has ${found} twice` };
  }
  if (error.propertyName !== undefined) {
    return {
      code: 'FIELD_INVALID',
      message: `the name ${quoteText(error.propertyName)} is not allowed here: ${describeAllowed(error)}`,
    };
  }
  return explainValue(error, place, field);
}

function explainUnknownField(error: SchemaError, place: Place): FindingText {
  const name = unknownField(error) ?? '';
  const properties = recordOf(error.parentSchema?.['properties']);
  const current = Object.keys(properties).filter((known) => recordOf(properties[known])['deprecated'] !== true);
  return {
    code: 'FIELD_UNKNOWN',
    message: `${formatPath(place.path.slice(0, -1))} has no field ${quoteText(name)}${didYouMean(name, Object.keys(properties))}`,
    ...(current.length > 0 && { hint: `Use one of: ${current.sort().join(', ')}.` }),
  };
}

function explainValue(error: SchemaError, place: Place, field: string): FindingText {
  const suggestion = typeof error.data === 'string' ? didYouMean(error.data, choicesOf(error).map(String)) : '';
  const found = describeValue(error.data);
  const trap = explainYamlTrap(error, place);
  if (trap !== undefined) return trap;
  return { code: 'FIELD_INVALID', message: `${field} is ${found}; allowed is ${describeAllowed(error)}${suggestion}` };
}

function explainYamlTrap(error: SchemaError, { document, path }: Place): FindingText | undefined {
  const wantsString = error.keyword === 'type' && [error.params['type']].flat().includes('string');
  const trap = wantsString ? yamlTrap(document.file, document.sourceOf(path), error.data) : undefined;
  if (trap === undefined) return undefined;
  const message = `${formatPath(path)} is ${trap.found}; allowed is ${describeAllowed(error)}`;
  return { code: 'FIELD_INVALID', message, hint: trap.hint };
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'string') return quoteText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
}

/** A JSON pointer as a path; numbers become positions where the value is a list. */
function pathOf(pointer: string, root: unknown): DocumentPath {
  const names = pointer.split('/').slice(1);
  return names.reduce<DocumentPath>((path, segment) => {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    return [...path, Array.isArray(valueAt(root, path)) ? Number(name) : name];
  }, []);
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
