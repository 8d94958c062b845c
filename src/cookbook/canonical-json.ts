import { createHash } from 'node:crypto';
import type { Digest } from '../errors/ids.js';

/**
 * JSON text that is the same for the same value: object keys sorted by code unit, no white space, `undefined` fields left
 * out. Throws a TypeError for what JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value);
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`a ${typeof value} has no JSON form`);
  return text;
}

function canonicalObject(value: object): string {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}

/** sha256, in lower-case hex, of the canonical JSON of a value. */
export function digestOf(value: unknown): Digest {
  return createHash('sha256').update(canonicalJson(value)).digest('hex') as Digest;
}
