import { errorDocument, exitCodeOf, type ErrorJson } from '../report/error-json.js';
import { renderError, renderErrorDebug } from '../report/render-error.js';
import type { FailureForm } from './failure-form.js';
import { Interrupted } from './interrupt.js';
import { toUsageError } from './usage-error.js';

/** One failure in both forms, and the exit code that goes with it. */
export interface Failure {
  /** For people, on stderr; no line break at its end. */
  readonly text: string;
  /** The one document that `--json` prints. */
  readonly json: FailureDocument;
  readonly exitCode: number;
}

/** `docs/json/error.schema.json`. */
export interface FailureDocument {
  readonly formatVersion: number;
  readonly error: ErrorJson;
  /** That of the process, which may be another than the failure's own: `exec` has 255 for all of them. */
  readonly exitCode: number;
}

/** A failure of any kind as text, as JSON, and as exit code: ours, oclif's, a stop on request, a bug. */
export function describeFailure(error: unknown, form: Omit<FailureForm, 'json'>): Failure {
  const interrupted = toInterrupted(error);
  if (interrupted !== undefined) return describeInterrupt(interrupted);
  const failure: unknown = toUsageError(error, form.command) ?? error;
  const ownCode = exitCodeOf(failure);
  const exitCode = form.exitCodeFor?.(ownCode) ?? ownCode;
  const lines = form.debug ? renderErrorDebug(failure) : renderError(failure);
  return { text: lines.join('\n'), json: { ...errorDocument(failure), exitCode }, exitCode };
}

/** Ctrl-C at a question comes as an error of the prompt library. */
function toInterrupted(error: unknown): Interrupted | undefined {
  if (error instanceof Interrupted) return error;
  const isLeftPrompt = error instanceof Error && error.name === 'ExitPromptError';
  return isLeftPrompt ? new Interrupted('SIGINT') : undefined;
}

function describeInterrupt({ message, exitCode, cluster }: Interrupted): Failure {
  const hint = afterInterrupt(cluster);
  const error: ErrorJson = {
    code: 'INTERRUPTED',
    exitCode,
    message,
    hint,
    aftermath: null,
    subject: {},
    causes: [],
    data: {},
    failures: [],
  };
  return {
    text: [`interrupted: ${message}`, `  next:   ${hint}`].join('\n'),
    json: { formatVersion: 1, error, exitCode },
    exitCode,
  };
}

/** What to do next after a command that was stopped on request. */
function afterInterrupt(cluster: string | undefined): string {
  if (cluster !== undefined) return `Go on with bde cluster resume ${cluster}.`;
  return 'Go on with bde cluster resume NAME, where a cluster was being changed.';
}
