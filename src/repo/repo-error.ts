import { BdeError, type ErrorDetails } from '../errors/bde-error.js';

/** A `REPO_FAILED` error: what failed, on what, and (in `details`) what to do. */
export function repoFailed(message: string, details: ErrorDetails = {}): BdeError {
  return new BdeError('REPO_FAILED', message, details);
}

/** True for the errors of system calls with this code, e.g. `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The message of whatever was thrown, without its stack. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
