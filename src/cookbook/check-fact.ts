import { hasSecretToken } from './secret-token.js';
import type { Json } from './types.js';
import { checkValue, type ValueSchema } from './value-schema.js';

/** A fact is a token, an address, a short list: more than this is refused unread. */
const MAX_FACT_LENGTH = 65_536;

/**
 * Why a value that a node exported is refused, or null. The schema is the one that the role's file gave for it.
 *
 * Nodes are not trusted: a text that looks like a secret's placeholder would be filled in on another node.
 */
export function checkFact(schema: Json, value: Json): string | null {
  const text = JSON.stringify(value);
  if (text.length > MAX_FACT_LENGTH) return `it is longer than ${MAX_FACT_LENGTH} characters`;
  if (hasSecretToken(text)) return 'it looks like the placeholder of a secret';
  const [problem] = checkValue(schema as unknown as ValueSchema, value);
  if (problem === undefined) return null;
  const place = problem.path.length === 0 ? 'it' : problem.path.join('.');
  return `${place} ${problem.message}`;
}
