import { hasSecretToken } from '../secret-token.js';
import type { Json } from '../types.js';
import type { ParameterReader } from './read-parameter.js';
import type { ProbeTopic, ResolveContext } from './resource-kind.js';

/** What the arguments of an edit's probe begin with, and what of it enters the digest. */
export interface EditCall {
  readonly state: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** Path, mode, owner, group, secret, state, patterns before and after; each but the first and the state may be empty. */
  readonly arguments: readonly string[];
  readonly probes: Readonly<Partial<Record<ProbeTopic, readonly string[]>>>;
  readonly edits: string;
}

/**
 * Where an edit goes, and how the file is to be: what `state`, `owner`, `group`, `mode`, `before` and `after` say. What is
 * not given stays as it is.
 *
 * @throws BdeError `COOKBOOK_INVALID` where a value does not fit, or `text` holds a secret that others could read
 */
export function editCall(reader: ParameterReader, text: string, problem: ResolveContext['problem']): EditCall {
  const path = reader.path(null);
  const given = (key: string, read: () => string): string => (reader.has(key) ? read() : '');
  const mode = given('mode', () => reader.mode('mode', ''));
  const owner = given('owner', () => reader.word('owner'));
  const group = given('group', () => reader.word('group'));
  const before = given('before', () => patternOf(reader, 'before', problem));
  const after = given('after', () => patternOf(reader, 'after', problem));
  const state = reader.choice('state', ['present', 'absent']);
  if (before !== '' && after !== '') throw problem('after', 'is there beside "before"; allowed is one of them');
  const secret = hasSecretToken(text);
  if (secret && mode === '') throw problem(null, 'holds a secret and has no "mode"', 'Give it a mode such as "0640".');
  const set = Object.entries({ mode, owner, group, before, after }).filter(([, value]) => value !== '');
  return {
    state,
    parameters: { path, state, ...Object.fromEntries(set) },
    arguments: [path, mode, owner, group, secret ? 'secret' : '', state, before, after],
    probes: { paths: [path] },
    edits: path,
  };
}

/** @throws BdeError `COOKBOOK_INVALID` where it is empty or has a line end; whether it is a pattern, the node's grep says */
export function patternOf(reader: ParameterReader, key: string, problem: ResolveContext['problem']): string {
  return lineOf(reader.text(key), () => problem(key, 'is no pattern: it is empty or has a line end'));
}

/** The text, where it is one line that is not empty. */
export function lineOf(text: string, none: () => Error): string {
  if (text === '' || /[\n\r\0]/.test(text)) throw none();
  return text;
}
