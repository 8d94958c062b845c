import type { Secret } from '../errors/secret.js';

/** A text in which the values of some secrets read `[secret]`. */
export type Redactor = (text: string) => string;

/** Shorter ones are no secrets worth the name, and would tear holes into every text. */
const SHORTEST = 4;

/**
 * Takes values out of what comes back from nodes: recipes do not print them, but the programs that they run may. A value
 * of several lines is found by each line, too.
 */
export function createRedactor(secrets: Iterable<Secret>): Redactor {
  const values = [...secrets].map((secret) => secret.reveal());
  const parts = [...new Set(values.flatMap((value) => [value, ...value.split('\n')]).map((part) => part.trim()))]
    .filter((part) => part.length >= SHORTEST)
    // The longest first: a part must not break up the whole before that is found.
    .sort((one, other) => other.length - one.length);
  return (text) => parts.reduce((left, part) => left.replaceAll(part, '[secret]'), text);
}
