import { BdeError, type ErrorDetails } from './bde-error.js';

/** The same failure with more to it: code, message and stack stay, and every detail that is not given anew. */
export function retell(error: BdeError, anew: ErrorDetails): BdeError {
  const { hint, subject, aftermath, cause, failures, data } = error;
  const told = new BdeError(error.code, error.message, { hint, subject, aftermath, cause, failures, data, ...anew });
  if (error.stack !== undefined) told.stack = error.stack;
  return told;
}
