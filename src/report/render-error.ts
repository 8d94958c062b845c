import { inspect } from 'node:util';
import { BdeError } from '../errors/bde-error.js';
import { groupFailures, type FailureGroup } from './group-failures.js';
import { toOneLine, toPlainLines } from './plain-text.js';

/** Lines of a command's output that the full text shows. */
const OUTPUT_LINES = 12;
/** Places that are named for one cause. */
const NAMED_PLACES = 12;

/** The failure on one line, for lists: `HOST_KEY_MISMATCH: node zk-1 showed another host key …`. */
export function renderErrorLine(error: unknown): string {
  if (error instanceof BdeError) return toOneLine(`${error.code}: ${error.message}`);
  return toOneLine(`internal error: ${messageOf(error)}`);
}

/**
 * The failure for people, as lines: what failed, where, the last lines of output, the single failures grouped by cause
 * with the nodes they hit, what followed by itself, and what to do next.
 */
export function renderError(error: unknown): readonly string[] {
  if (!(error instanceof BdeError)) return renderBug(error);
  return [
    `error: ${toPlainLines(error.message).join('\n  ')} [${error.code}]`,
    ...labelled('where', renderSubject(error)),
    ...renderOutput(error),
    ...groupFailures(error.failures).flatMap((group) => renderGroup(group)),
    ...labelled('then', error.aftermath),
    ...labelled('next', error.hint),
  ];
}

/** All that is known, for `--debug`: the full text, then stack, data and every cause. */
export function renderErrorDebug(error: unknown): readonly string[] {
  return [...renderError(error), '', ...renderDetails(error)];
}

function renderBug(error: unknown): readonly string[] {
  return [
    `internal error: ${toOneLine(messageOf(error))}`,
    ...labelled('next', 'this is a bug in bde; run the same command with --debug and report its whole output'),
  ];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : inspect(error);
}

function labelled(label: string, text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : [`  ${`${label}:`.padEnd(7)} ${toOneLine(text)}`];
}

/** `cluster lab, node lab-store-1, role store, specs/a.json:3:14` */
function renderSubject(error: BdeError): string {
  const names = (['cluster', 'group', 'node', 'role', 'step', 'resource'] as const).flatMap((kind) => {
    const name = error.subject[kind];
    return name === undefined ? [] : [`${kind} ${name}`];
  });
  return [...names, ...renderPosition(error)].join(', ');
}

/** `specs/a.json:3:14`; nothing where the message itself begins with it. */
function renderPosition({ subject: { file, line, column }, message }: BdeError): readonly string[] {
  if (file === undefined) return [];
  const position = [file, line, column].filter((part) => part !== undefined).join(':');
  return message.includes(position) ? [] : [position];
}

/** The end of what a command said: its stderr, or its stdout where that is empty. */
function renderOutput({ data }: BdeError): readonly string[] {
  const output = [data['stderr'], data['stdout'], data['output']].find(
    (text) => typeof text === 'string' && text !== '',
  );
  if (typeof output !== 'string') return [];
  const lines = toPlainLines(output.trimEnd());
  const tail = lines.slice(-OUTPUT_LINES);
  const title = lines.length > tail.length ? `last ${tail.length} of ${lines.length} lines of output` : 'output';
  return [`  ${title}:`, ...tail.map((line) => `    | ${line}`.trimEnd())];
}

function renderGroup({ example, places, count }: FailureGroup): readonly string[] {
  const where = places.length === 0 ? renderPosition(example).join('') : namePlaces(places);
  const times = count > 1 ? ` (${count} times)` : '';
  return [
    `  - ${toOneLine(example.message)} [${example.code}]${times}`,
    ...(where === '' ? [] : [`    on ${toOneLine(where)}`]),
    ...renderOutput(example).map((line) => `  ${line}`),
    ...(example.hint === undefined ? [] : [`    next: ${toOneLine(example.hint)}`]),
  ];
}

function namePlaces(places: readonly string[]): string {
  const named = places.slice(0, NAMED_PLACES).join(', ');
  return places.length > NAMED_PLACES ? `${named} and ${places.length - NAMED_PLACES} more` : named;
}

function renderDetails(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [inspect(error)];
  const data =
    error instanceof BdeError && Object.keys(error.data).length > 0
      ? [`data: ${inspect(error.data, { depth: 6 })}`]
      : [];
  const failures = error instanceof BdeError ? error.failures : [];
  return [
    error.stack ?? `${error.name}: ${error.message}`,
    ...data,
    ...failures.flatMap((failure) => ['failure:', ...renderDetails(failure)]),
    ...(error.cause === undefined ? [] : ['caused by:', ...renderDetails(error.cause)]),
  ];
}
