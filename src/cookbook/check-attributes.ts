import type { ErrorCode } from '../errors/codes.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import type { Cookbook } from './cookbook.js';
import { isAttributeMap } from './merge-attributes.js';
import { hasSecretToken } from './secret-token.js';
import type { Attributes, Json } from './types.js';
import { checkValue, type ValueProblem, type ValueSchema } from './value-schema.js';

/** Something in attributes that no cookbook declares so; with a path from the attributes' root, for `findingAt`. */
export interface AttributeProblem {
  readonly path: readonly (string | number)[];
  readonly part: 'key' | 'value';
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** Everything in attributes (by cookbook at the top) that does not fit what the cookbooks declare. */
export function checkAttributes(cookbooks: readonly Cookbook[], attributes: Attributes): readonly AttributeProblem[] {
  return Object.entries(attributes).flatMap(([name, values]) => {
    const cookbook = cookbooks.find((each) => each.name === name);
    if (cookbook === undefined) return [unknownCookbook(name, cookbooks)];
    return checkDeclared(cookbook.attributes, values, [name]);
  });
}

/** The same for the attributes of one cookbook, below a path. */
export function checkDeclared(
  declared: Readonly<Record<string, ValueSchema>>,
  values: Json,
  path: readonly (string | number)[],
): readonly AttributeProblem[] {
  const problems = checkValue({ type: 'object', properties: declared }, values, path);
  return [...problems.map((problem) => attributeProblem(problem, declared)), ...plantedTokens(values, path)];
}

function attributeProblem(problem: ValueProblem, declared: Readonly<Record<string, ValueSchema>>): AttributeProblem {
  const { path, unknownKey, message } = problem;
  const what = `the attribute ${path.join('.')}`;
  const hint = { hint: `Attributes are: ${Object.keys(declared).sort().join(', ')}.` };
  if (unknownKey) return { path, part: 'key', code: 'FIELD_UNKNOWN', message: `${what} ${message}`, ...hint };
  return { path, part: 'value', code: 'FIELD_INVALID', message: `${what} ${message}` };
}

function unknownCookbook(name: string, cookbooks: readonly Cookbook[]): AttributeProblem {
  const names = cookbooks.map((each) => each.name).sort();
  return {
    path: [name],
    part: 'key',
    code: 'FIELD_UNKNOWN',
    message: `there is no cookbook ${JSON.stringify(name)}${didYouMean(name, names)}`,
    hint: `Attributes stand below the name of their cookbook: ${names.join(', ')}.`,
  };
}

/** A written placeholder would be filled with a secret that its writer may not know. */
function plantedTokens(value: Json, path: readonly (string | number)[]): readonly AttributeProblem[] {
  if (typeof value === 'string' && hasSecretToken(value)) {
    return [
      {
        path,
        part: 'value',
        code: 'FIELD_INVALID',
        message: `the attribute ${path.join('.')} looks like the placeholder of a secret`,
      },
    ];
  }
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => plantedTokens(item, [...path, index]));
  return isAttributeMap(value)
    ? Object.entries(value).flatMap(([key, item]) => plantedTokens(item, [...path, key]))
    : [];
}
