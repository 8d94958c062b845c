/** How a failure is told. */
export interface FailureForm {
  /** One document on stdout instead of text on stderr. */
  readonly json: boolean;
  /** With stack traces and causes. */
  readonly debug: boolean;
  /** Id of the command that failed, parts joined by colons; absent where none was reached. */
  readonly command?: string | undefined;
  /** The code that the process ends with, where it is another than the failure's own. */
  readonly exitCodeFor?: (exitCode: number) => number;
}

/** What a command line asks for before anyone has parsed it: what follows `--` belongs to somebody else. */
export function failureFormOf(argv: readonly string[], environment: NodeJS.ProcessEnv): FailureForm {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  return { json: own.includes('--json'), debug: own.includes('--debug') || isOn(environment['BDE_DEBUG']) };
}

/** The words that oclif takes for true in the twin of a flag. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && ['1', 'true', 'y', 'yes'].includes(value.toLowerCase());
}
