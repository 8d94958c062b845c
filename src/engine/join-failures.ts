import { BdeError, isBdeError } from '../errors/bde-error.js';
import type { StepsResult } from './run-steps.js';

/** The first root cause gives code, message and hint; a bug goes before it, for its stack is all there is to it. */
export function joinFailures(cluster: string, result: Pick<StepsResult, 'failures' | 'states'>): Error {
  const failures = result.failures.map((each) => toError(each.error));
  const [first] = failures;
  const bug = failures.find((error) => !isBdeError(error));
  if (bug !== undefined || !isBdeError(first)) return bug ?? toError(first);
  if (failures.length === 1) return first;
  const blocked = [...result.states.values()].filter((state) => state === 'blocked').length;
  return new BdeError(
    first.code,
    `${String(failures.length)} steps failed and ${String(blocked)} were blocked by them; the first: ${first.message}`,
    {
      subject: { cluster, ...first.subject },
      hint: first.hint,
      failures: failures.filter((error) => isBdeError(error)),
      cause: first,
    },
  );
}

/** Anything thrown as an error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
