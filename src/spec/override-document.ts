import { BdeError } from '../errors/bde-error.js';
import { writtenPath } from './dialect.js';
import { formatPath } from './document/format-path.js';
import { didYouMean } from './document/nearest-name.js';
import type { ParsedDocument } from './document/parse-document.js';
import { valueAt, type DocumentPath } from './document/source-tree.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';

/**
 * The document with values put in, as `--set` gives them: `nodeGroups.master.instanceNum=3`,
 * `configuration.web["site.xml"].x=true`. Elements of a list are named by their `name` or position (`[0]`).
 * A value that is JSON counts as such, any other text is a string. Later ones win. The schema comes after this, so a
 * wrong field or type is found there, and is reported at the assigned path instead of a line of the file. No message shows
 * a value for being given: it may be a secret.
 *
 * @throws BdeError `USAGE` for what is no `PATH=VALUE`, or leads through something that is not there
 */
export function overrideDocument(document: ParsedDocument, assignments: readonly string[]): ParsedDocument {
  return document.wellFormed ? assignments.reduce(applyOne, document) : document;
}

function applyOne(document: ParsedDocument, assignment: string): ParsedDocument {
  const { written, segments, value } = parseAssignment(assignment);
  const path = resolvePath(document.value, segments, assignment);
  return {
    ...document,
    value: replaceAt(document.value as Json, path, value),
    overridden: [...(document.overridden ?? []), { path, written }],
  };
}

interface Assignment {
  /** The path as it was given. */
  readonly written: string;
  readonly segments: readonly string[];
  readonly value: Json;
}

function parseAssignment(assignment: string): Assignment {
  const match = /^((?:[\w-]+|\["[^"\]]+"\]|\[\d+\]|\.(?=[\w-]))+)=(.*)$/s.exec(assignment);
  const [, path, text] = match ?? [];
  if (path === undefined || text === undefined || path.startsWith('.')) {
    throw usage(assignment, 'is not of the form PATH=VALUE');
  }
  const segments = [...path.matchAll(/(?<=\[")[^"]+(?="\])|[\w-]+/g)].map(([segment]) => segment);
  if (segments.includes('__proto__')) throw usage(assignment, 'has "__proto__" in its path');
  return { written: path, segments, value: parseValue(text) };
}

function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    // Not JSON is no mistake here: `distro=acme` means the string.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** The segments as a path of the value as written: names of list elements become positions, other dialects' names theirs. */
function resolvePath(root: unknown, segments: readonly string[], assignment: string): DocumentPath {
  let userPath: DocumentPath = [];
  for (const segment of segments) {
    const current = valueAt(root, writtenPath(root, userPath));
    userPath = [...userPath, Array.isArray(current) ? positionOf(current, segment, assignment) : segment];
    if (current !== undefined && !Array.isArray(current) && !isJsonObject(current)) {
      throw usage(assignment, `leads through ${formatPath(userPath.slice(0, -1))}, which is no object`);
    }
  }
  return writtenPath(root, userPath);
}

function positionOf(list: readonly unknown[], segment: string, assignment: string): number {
  const names = list.map((item) => (isJsonObject(item) && typeof item['name'] === 'string' ? item['name'] : ''));
  const position = names.includes(segment) ? names.indexOf(segment) : Number(segment);
  if (Number.isInteger(position) && position < list.length) return position;
  const there = names.filter((name) => name !== '').join(', ') || `${list.length} elements`;
  throw usage(assignment, `names "${segment}", but there are only ${there}${didYouMean(segment, names)}`);
}

function replaceAt(current: Json | undefined, path: DocumentPath, value: Json): Json {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (Array.isArray(current)) {
    return current.map((item: Json, index) => (index === segment ? replaceAt(item, rest, value) : item));
  }
  const object: JsonObject = isJsonObject(current) ? current : {};
  return { ...object, [segment]: replaceAt(Object.hasOwn(object, segment) ? object[segment] : undefined, rest, value) };
}

function usage(assignment: string, problem: string): BdeError {
  const shown = assignment.replace(/=.*$/s, '=…');
  return new BdeError('USAGE', `--set ${JSON.stringify(shown)} ${problem}`, {
    hint: 'Write it like --set nodeGroups.master.instanceNum=3 or --set configuration.web.port=8080.',
  });
}
