import type { BdeError } from '../../errors/bde-error.js';
import type { Json } from '../types.js';
import type { RenderedResource, ResolveContext } from './resource-kind.js';

/** Reads the parameters of one rendered resource; what does not fit is an error at its place. */
export interface ParameterReader {
  readonly name: string;
  has(key: string): boolean;
  /** A text, or the fallback where the parameter is not there. */
  text(key: string, fallback?: string): string;
  number(key: string, fallback: number): number;
  flag(key: string, fallback: boolean): boolean;
  /** A list of names, or one name. */
  list(key: string): readonly string[];
  map(key: string): Readonly<Record<string, string>>;
  /** The resource's name, or a parameter, as an absolute path. */
  path(key: string | null): string;
  mode(key: string, fallback: string): string;
  /** A name within a folder, as it can stand in a URL. */
  fileName(key: string): string;
  /** A sha256, in hex. */
  sum(key: string): string;
  /** One of these texts; the first where the parameter is not there. */
  choice(key: string, choices: readonly string[]): string;
  /** A name of users, groups, units, packages: nothing that a shell, a list or an option could take for something else. */
  word(key: string | null, fallback?: string): string;
  /** @throws where one of these parameters is there, which mean nothing beside `beside` */
  refuse(keys: readonly string[], beside: string): void;
}

/** @throws BdeError `COOKBOOK_INVALID`, from each method, where a value does not fit */
export function readParameters(resource: RenderedResource, problem: ResolveContext['problem']): ParameterReader {
  const { name, parameters } = resource;
  const valueOf = (key: string | null): Json | undefined => (key === null ? name : parameters[key]);
  const text = (key: string | null, fallback?: string): string => {
    const value = valueOf(key) ?? fallback;
    if (value === undefined) throw problem(key, `lacks "${key ?? 'name'}"`);
    return scalarText(value, () => problem(key, 'is no text'));
  };
  const checked = (key: string | null, { fallback, pattern, allowed }: Check): string => {
    const value = text(key, fallback);
    if (!pattern.test(value)) throw problem(key, `is ${JSON.stringify(value)}; allowed is ${allowed}`);
    return value;
  };
  return {
    name,
    text,
    has: (key) => parameters[key] !== undefined,
    number: (key, fallback) => Number(checked(key, { ...NUMBER, fallback: String(fallback) })),
    flag: (key, fallback) => Boolean(parameters[key] ?? fallback),
    list: (key) =>
      [parameters[key] ?? []].flat().map((item) => scalarText(item, () => problem(key, 'is no list of texts'))),
    map: (key) => textMap(parameters[key] ?? {}, () => problem(key, 'is no map of texts')),
    path: (key) => normalPath(checked(key, PATH)),
    mode: (key, fallback) => checked(key, { ...MODE, fallback }).replace(/^0+(?=.)/, ''),
    fileName: (key) => checked(key, FILE_NAME),
    sum: (key) => checked(key, SUM),
    choice: (key, choices) => {
      const value = text(key, choices[0]);
      if (choices.includes(value)) return value;
      throw problem(key, `is ${JSON.stringify(value)}; allowed is ${choices.join(', ')}`);
    },
    word: (key, fallback) => checked(key, { ...WORD, fallback }),
    refuse: (keys, beside) => {
      const [needless] = keys.filter((key) => parameters[key] !== undefined);
      if (needless !== undefined) throw problem(needless, `means nothing beside ${beside}`);
    },
  };
}

interface Check {
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly fallback?: string | undefined;
}

const NUMBER: Check = { pattern: /^\d{1,9}$/, allowed: 'a whole number' };
const MODE: Check = { pattern: /^[0-7]{3,4}$/, allowed: 'three or four octal digits in quotes, such as "0644"' };
const WORD: Check = {
  pattern: /^[A-Za-z0-9_][\w.@:+-]{0,127}$/,
  allowed: 'a name of letters, digits and . _ @ : + -, at most 128',
};
const FILE_NAME: Check = {
  pattern: /^[A-Za-z0-9_][\w.@:+~-]{0,199}$/,
  allowed: 'the name of a file, of letters, digits and . _ @ : + ~ -',
};
const SUM: Check = { pattern: /^[0-9a-f]{64}$/, allowed: 'a sha256 of 64 hex digits, in lower case' };
const PATH: Check = {
  // eslint-disable-next-line no-control-regex -- control characters are what this refuses
  pattern: /^(?:\/(?!\.\.?(?:\/|$))[^/\u0000-\u001f\u007f\\]+)+\/?$/,
  allowed: 'an absolute path without "..", backslash and control characters',
};

function normalPath(path: string): string {
  return path.replace(/\/$/, '');
}

function scalarText(value: Json, problem: () => BdeError): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw problem();
}

function textMap(value: Json, problem: () => BdeError): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw problem();
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scalarText(item, problem)]));
}
