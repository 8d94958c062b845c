import { isBdeError, type BdeError } from '../errors/bde-error.js';

/**
 * What a function gives; undefined where it throws an expected error, which is added to the list (an error of several
 * adds each). So all that is wrong is said at once.
 */
export function collectErrors<Value>(errors: BdeError[], run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (!isBdeError(error)) throw error;
    errors.push(...(error.failures.length > 0 ? error.failures : [error]));
    return undefined;
  }
}
