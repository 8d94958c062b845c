import { BdeError } from '../errors/bde-error.js';
import { toPlainLines } from '../report/plain-text.js';
import { nearestName } from '../spec/document/nearest-name.js';
import { quoteText } from '../spec/document/quote-source.js';

/** What oclif's errors about a command line carry; its classes are not exported. */
interface ParserError extends Error {
  readonly oclif: { readonly exit?: number };
  readonly parse?: { readonly input?: ParserInput };
  /** Names as they were given, of flags that the command lacks. */
  readonly flags?: readonly string[];
  /** Missing arguments by their definitions, or superfluous ones as they were given. */
  readonly args?: readonly (string | MissingArgument)[];
}

interface ParserInput {
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly args?: Readonly<Record<string, unknown>>;
}

interface MissingArgument {
  readonly name: string;
  readonly description?: string;
}

/** Exit code of a usage error, which oclif's own parser uses as well. */
const USAGE_EXIT_CODE = 2;

/**
 * An error of oclif about the command line as ours, with the nearest name that exists; undefined for anything else.
 *
 * `commandId` is oclif's, parts joined by colons; absent where no command was reached.
 */
export function toUsageError(error: unknown, commandId?: string): BdeError | undefined {
  if (!isParserError(error)) return undefined;
  const command = ['bde', ...(commandId?.split(':') ?? [])].join(' ');
  return new BdeError('USAGE', messageOf(error, command), { hint: `See ${command} --help.` });
}

function isParserError(error: unknown): error is ParserError {
  if (!(error instanceof Error) || error instanceof BdeError) return false;
  return (error as Partial<ParserError>).oclif?.exit === USAGE_EXIT_CODE;
}

function messageOf(error: ParserError, command: string): string {
  if (error.flags !== undefined) return unknownFlags(error.flags, error.parse?.input?.flags ?? {}, command);
  const missing = (error.args ?? []).filter((arg) => typeof arg !== 'string');
  if (missing.length > 0) return `${command} lacks ${missing.map(describeArgument).join(' and ')}.`;
  const superfluous = (error.args ?? []).filter((arg) => typeof arg === 'string');
  if (superfluous.length > 0) return superfluousArguments(superfluous, error.parse?.input?.args ?? {}, command);
  return otherMessage(error, command);
}

function unknownFlags(given: readonly string[], known: Readonly<Record<string, unknown>>, command: string): string {
  const [first = ''] = given;
  const shown = given.map((flag) => quoteText(withoutValue(flag)));
  const nearest = nearestName(first.replace(/^-+/, '').slice(0, 100), Object.keys(known));
  const also = given.length > 1 ? ` (nor ${shown.slice(1).join(', ')})` : '';
  const question = nearest === undefined ? '.' : `; did you mean --${nearest}?`;
  return `${command} has no flag ${shown[0] ?? ''}${also}${question}`;
}

/** `--password` of `--password=…`: what stands behind it may be secret. */
function withoutValue(flag: string): string {
  return flag.split('=')[0] ?? flag;
}

function describeArgument({ name, description }: MissingArgument): string {
  const what = description === undefined ? '' : ` (${lowerFirst(description.replace(/\.$/, ''))})`;
  return `the argument ${name.toUpperCase()}${what}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function superfluousArguments(
  given: readonly string[],
  known: Readonly<Record<string, unknown>>,
  command: string,
): string {
  const count = Object.keys(known).length;
  const taken = count === 0 ? 'no argument' : count === 1 ? 'one argument' : `${String(count)} arguments`;
  return `${command} takes ${taken}; there is also ${given.map(quoteText).join(', ')}.`;
}

/** Everything else is told in oclif's words, less its frame: `The following error occurred:`, `See more help with --help`. */
function otherMessage(error: ParserError, command: string): string {
  const lines = toPlainLines(error.message).map((line) => line.trim());
  const told = lines
    .filter((line) => line !== '' && !/^(The following errors? occurred:|See more help with)/.test(line))
    .map((line) => line.replace(/^Missing required flag (\S+)$/, `${command} lacks the flag --$1`));
  return `${told.join('; ').replace(/\.$/, '')}.`;
}
