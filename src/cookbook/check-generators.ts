import type { BdeError } from '../errors/bde-error.js';
import { findingAt } from '../spec/document/finding.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import { generateSecret, type RandomBytes } from './generate-secret.js';
import type { ValueSchema } from './value-schema.js';

/** What is wrong with the `generate` of attributes, at any depth of maps: said when a cookbook is read, not years later. */
export function checkGenerators(
  document: ParsedDocument,
  described: Readonly<Record<string, ValueSchema>>,
  below: readonly string[] = [],
): readonly BdeError[] {
  return Object.entries(described).flatMap(([name, schema]) => {
    const path = [...below, name];
    const own = schema.generate === undefined ? null : problemOf(schema, schema.generate);
    const findings = own === null ? [] : [finding(document, [...path, 'generate'], own)];
    const fields = schema.properties ?? {};
    if (schema.default === undefined)
      return [...findings, ...checkGenerators(document, fields, [...path, 'properties'])];
    return [...findings, ...hiddenGenerators(document, fields, [...path, 'properties'])];
  });
}

function finding(document: ParsedDocument, path: readonly string[], message: string): BdeError {
  return findingAt({ document, path, part: 'key' }, { code: 'FIELD_INVALID', message: `generate ${message}` });
}

function problemOf(schema: ValueSchema, generate: object): string | null {
  if (schema.secret !== true) return 'is for secrets; write secret: true beside it';
  if (schema.default !== undefined) return 'and a default cannot stand side by side';
  const isText = 'length' in generate;
  if (isText === 'bytes' in generate) return 'needs one of length, bytes';
  if (isText ? 'encoding' in generate : 'alphabet' in generate)
    return 'has length with alphabet, or bytes with encoding';
  if (generateSecret(schema, sampleBytes()) !== null) return null;
  return 'makes no value that the limits beside it allow (enum, pattern, minLength, maxLength)';
}

/** A default of a map is taken whole, so what is described below it is never asked for. */
function hiddenGenerators(
  document: ParsedDocument,
  described: Readonly<Record<string, ValueSchema>>,
  below: readonly string[],
): readonly BdeError[] {
  return Object.entries(described).flatMap(([name, { generate, properties = {} }]) => {
    const path = [...below, name];
    const message = 'is never asked for: a map around it has a default of its own';
    return [
      ...(generate === undefined ? [] : [finding(document, [...path, 'generate'], message)]),
      ...hiddenGenerators(document, properties, [...path, 'properties']),
    ];
  });
}

/** Bytes of a fixed sequence (a linear congruential one), so that the same cookbook is judged the same each time. */
function sampleBytes(): RandomBytes {
  let state = 1;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    });
}
