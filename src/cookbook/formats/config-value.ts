import { isAttributeMap } from '../merge-attributes.js';
import type { Json } from '../types.js';

/** A map of settings, before it is printed in one of the formats. */
export type ConfigMap = Readonly<Record<string, Json>>;

/** Why a format cannot hold a setting; its place is added by who knows it. */
export class FormatProblem extends Error {}

/** The text of a setting in a format that knows texts alone: a list is its items with commas between. */
export function flatText(key: string, value: Json): string {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => scalarText(key, item)).join(',');
  return scalarText(key, value);
}

function scalarText(key: string, value: Json): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new FormatProblem(
    `has ${isAttributeMap(value) ? 'a map' : 'a list'} at ${JSON.stringify(key)}; allowed is a text, a number, true, false, or a list of those`,
  );
}
