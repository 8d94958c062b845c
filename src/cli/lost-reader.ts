/**
 * Ends the process when nobody reads its result any more (`bde … | head`), without a word and as if all had been read.
 * Nobody reading the progress on stderr ends nothing.
 */
export function endQuietlyWithoutReader(): void {
  // Before oclif's own listener, which throws what it does not expect.
  process.stdout.prependListener('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`error: The result could not be written to stdout: ${error.message}.\n`);
    process.exit(1);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
