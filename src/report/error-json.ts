import { inspect } from 'node:util';
import { BdeError, type ErrorSubject } from '../errors/bde-error.js';

/** Version of the written form below. */
export const ERROR_FORMAT_VERSION = 1;

/** A failure as `--json` prints it; `INTERNAL` with exit code 1 stands for a bug. */
export interface ErrorJson {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  readonly hint: string | null;
  /** What followed by itself; null where nothing did. */
  readonly aftermath: string | null;
  readonly subject: ErrorSubject;
  /** Message of each cause, the nearest first. */
  readonly causes: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly failures: readonly ErrorJson[];
}

/** The whole document: `{"formatVersion": 1, "error": {…}}`. */
export function errorDocument(error: unknown): { readonly formatVersion: number; readonly error: ErrorJson } {
  return { formatVersion: ERROR_FORMAT_VERSION, error: errorToJson(error) };
}

/** The process exit code for a failure: 2 to 9 for the error family, 1 for a bug. */
export function exitCodeOf(error: unknown): number {
  return error instanceof BdeError ? error.exitCode : 1;
}

/** One failure with all it carries. */
export function errorToJson(error: unknown): ErrorJson {
  const known = error instanceof BdeError ? error : undefined;
  return {
    code: known?.code ?? 'INTERNAL',
    exitCode: exitCodeOf(error),
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint ?? null,
    aftermath: known?.aftermath ?? null,
    subject: known?.subject ?? {},
    causes: listCauses(error),
    data: known?.data ?? {},
    failures: (known?.failures ?? []).map((failure) => errorToJson(failure)),
  };
}

function listCauses(error: unknown): readonly string[] {
  if (!(error instanceof Error) || error.cause === undefined) return [];
  const { cause } = error;
  return [cause instanceof Error ? cause.message : inspect(cause), ...listCauses(cause)];
}
