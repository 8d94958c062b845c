import { encodeTokens, hasSecretToken } from '../secret-token.js';
import { originalOf } from '../observed-node.js';
import { quoteShell } from '../quote-shell.js';
import { HelperProblem, refuseLong } from './text-limit.js';

/** Named arguments of a call. */
export type HelperOptions = Readonly<Record<string, unknown>>;

type Helper = (args: readonly unknown[], options: HelperOptions) => unknown;

/** The helpers of the template language, blocks aside, by name. All are pure; docs/recipes.md is their manual. */
export const HELPERS: Readonly<Record<string, { readonly arity: readonly [number, number]; readonly run: Helper }>> = {
  has: { arity: [1, 1], run: ([value]) => value !== undefined },
  default: { arity: [2, 2], run: ([value, fallback]) => value ?? fallback },
  lookup: { arity: [2, 2], run: ([value, key]) => fieldOf(value, key) },
  join: { arity: [2, 2], run: ([list, separator], options) => join(listOf(list), textOf(separator), options) },
  pluck: { arity: [2, 2], run: ([list, key]) => listOf(list).map((item) => fieldOf(item, key)) },
  length: { arity: [1, 1], run: ([value]) => (typeof value === 'string' ? plain(value) : listOf(value)).length },
  add: { arity: [2, 9], run: (args) => args.map(integerOf).reduce((a, b) => a + b) },
  sub: { arity: [2, 2], run: (args) => args.map(integerOf).reduce((a, b) => a - b) },
  mul: { arity: [2, 9], run: (args) => args.map(integerOf).reduce((a, b) => a * b) },
  div: { arity: [2, 2], run: (args) => args.map(integerOf).reduce(divide) },
  min: { arity: [1, 9], run: (args) => Math.min(...args.map(integerOf)) },
  max: { arity: [1, 9], run: (args) => Math.max(...args.map(integerOf)) },
  eq: { arity: [2, 2], run: ([a, b]) => comparable(a) === comparable(b) },
  ne: { arity: [2, 2], run: ([a, b]) => comparable(a) !== comparable(b) },
  lt: { arity: [2, 2], run: ([a, b]) => numberOf(a) < numberOf(b) },
  le: { arity: [2, 2], run: ([a, b]) => numberOf(a) <= numberOf(b) },
  gt: { arity: [2, 2], run: ([a, b]) => numberOf(a) > numberOf(b) },
  ge: { arity: [2, 2], run: ([a, b]) => numberOf(a) >= numberOf(b) },
  and: { arity: [2, 9], run: (args) => args.every(isTrue) },
  or: { arity: [2, 9], run: (args) => args.some(isTrue) },
  not: { arity: [1, 1], run: ([value]) => !isTrue(value) },
  includes: { arity: [2, 2], run: ([list, value]) => listOf(list).includes(comparable(value)) },
  json: { arity: [1, 1], run: ([value], { indent }) => encodeTokens(jsonOf(value, indent), 'json') },
  quote: { arity: [1, 1], run: ([value]) => encodeTokens(quoteShell(textOf(value)), 'sh') },
  lower: { arity: [1, 1], run: ([value]) => plain(textOf(value)).toLowerCase() },
  upper: { arity: [1, 1], run: ([value]) => plain(textOf(value)).toUpperCase() },
  replace: { arity: [3, 3], run: ([value, from, to]) => replace(plain(textOf(value)), textOf(from), textOf(to)) },
};

/** By a function, for `$&` and its like are to be put in as they stand. */
function replace(value: string, from: string, to: string): string {
  refuseLong(value.length + countOf(value, from) * (to.length - from.length));
  return value.replaceAll(from, () => to);
}

/** How often a text is replaced; nothing at all is found before, between and behind all signs. */
function countOf(value: string, from: string): number {
  if (from === '') return value.length + 1;
  let count = 0;
  for (let at = value.indexOf(from); at >= 0; at = value.indexOf(from, at + from.length)) count += 1;
  return count;
}

function join(list: readonly unknown[], separator: string, options: HelperOptions): string {
  const { key, prefix = '', suffix = '' } = options;
  const items = key === undefined ? list : list.map((item) => fieldOf(item, key));
  let length = 0;
  const texts = items.map((item) => {
    const text = `${textOf(prefix)}${textOf(item)}${textOf(suffix)}`;
    length += text.length + separator.length;
    refuseLong(length);
    return text;
  });
  return texts.join(separator);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new HelperProblem(`needs a list, not ${describe(value)}`);
}

function fieldOf(value: unknown, key: unknown): unknown {
  const name = textOf(key);
  if (typeof value !== 'object' || value === null) throw new HelperProblem(`needs a map, not ${describe(value)}`);
  const field = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  if (field === undefined || field === null) throw new HelperProblem(`finds no ${JSON.stringify(name)} there`);
  return field;
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new HelperProblem(`needs a text, not ${describe(value)}`);
}

function integerOf(value: unknown): number {
  const number = numberOf(value);
  if (!Number.isInteger(number)) throw new HelperProblem(`needs whole numbers, not ${number}`);
  return number;
}

function numberOf(value: unknown): number {
  const isNumeric = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value));
  if (!isNumeric) throw new HelperProblem(`needs a number, not ${describe(value)}`);
  return Number(value);
}

/** Rounds down: what a heap of a quarter of the memory wants. */
function divide(a: number, b: number): number {
  if (b === 0) throw new HelperProblem('cannot divide by 0');
  return Math.floor(a / b);
}

/** As `#if` sees it. */
function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Lists and maps are the same only where they are one. */
function comparable(value: unknown): unknown {
  return originalOf(plain(value));
}

/** Only its placeholder is known here, so a secret can be printed but not looked at. */
function plain<Value>(value: Value): Value {
  if (typeof value === 'string' && hasSecretToken(value)) throw new HelperProblem('cannot look into a secret');
  return value;
}

function jsonOf(value: unknown, indent: unknown): string {
  return JSON.stringify(value, null, indent === undefined ? undefined : numberOf(indent));
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return hasSecretToken(value) ? 'a secret' : JSON.stringify(value.slice(0, 40));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a map';
}
