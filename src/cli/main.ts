import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@oclif/core';
import { failureFormOf } from './failure-form.js';
import { endQuietlyWithoutReader } from './lost-reader.js';

endQuietlyWithoutReader();
try {
  // `dist/` is an oclif root of its own; the shipped data lie beside it.
  await run(process.argv.slice(2), dirname(fileURLToPath(import.meta.url)));
} catch (error) {
  // Commands tell their own failures: what comes here is a command line that led to none.
  const { printFailure } = await import('./print-failure.js');
  printFailure(error, failureFormOf(process.argv.slice(2), process.env));
}
