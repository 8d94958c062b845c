import { describeFailure } from './describe-failure.js';
import type { FailureForm } from './failure-form.js';

/** Tells a failure, and sets the exit code. */
export function printFailure(error: unknown, form: FailureForm): void {
  const failure = describeFailure(error, form);
  if (form.json) process.stdout.write(`${JSON.stringify(failure.json, null, 2)}\n`);
  else process.stderr.write(`${failure.text}\n`);
  process.exitCode = failure.exitCode;
}
