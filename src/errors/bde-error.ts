import { ERROR_CODES, type ErrorCode } from './codes.js';

/** What an error is about. Every field is optional; the more of them, the better the message. */
export interface ErrorSubject {
  readonly cluster?: string;
  readonly group?: string;
  readonly node?: string;
  readonly role?: string;
  readonly step?: string;
  readonly resource?: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
}

/** What an error carries beside its code and message. */
export interface ErrorDetails {
  /** The next command or edit, as an imperative. */
  readonly hint?: string | undefined;
  readonly subject?: ErrorSubject | undefined;
  /** What followed by itself, as a sentence: a rollback, or why there was none. */
  readonly aftermath?: string | undefined;
  readonly cause?: unknown;
  /** Several failures that travel as one, e.g. all findings of preflight. */
  readonly failures?: readonly BdeError[] | undefined;
  /** Facts for `--json` and `--debug`, e.g. a command result. Never a secret. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** An expected failure: it has a stable code, and the exit code follows from it. Anything else that is thrown is a bug. */
export class BdeError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly subject: ErrorSubject;
  readonly aftermath: string | undefined;
  readonly failures: readonly BdeError[];
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'BdeError';
    this.code = code;
    this.hint = details.hint;
    this.subject = details.subject ?? {};
    this.aftermath = details.aftermath;
    this.failures = details.failures ?? [];
    this.data = details.data ?? {};
  }

  /** The process exit code of STYLE's table, 2 to 9. */
  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }
}

/** True for an error of our family with this code. */
export function isBdeError(error: unknown, code?: ErrorCode): error is BdeError {
  return error instanceof BdeError && (code === undefined || error.code === code);
}
