import { BdeError } from '../../../errors/bde-error.js';

/**
 * An expected failure as a clause and what to do about it.
 *
 * @throws what it is given, where that is a bug
 */
export function failureOf(error: unknown): { readonly why: string; readonly next: string | null } {
  if (!(error instanceof BdeError)) throw error;
  return { why: error.message.replace(/\.$/, ''), next: error.hint ?? null };
}
