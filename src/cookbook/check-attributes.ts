import { didYouMean } from '../spec/document/nearest-name.js';
import type { AttributeProblem } from './attribute-problem.js';
import type { Cookbook } from './cookbook.js';
import { isAttributeMap } from './merge-attributes.js';
import { hasSecretToken } from './secret-token.js';
import type { Attributes, Json } from './types.js';
import { checkValue, type ValueProblem, type ValueSchema } from './value-schema.js';

/** Everything in attributes (by cookbook at the top) that does not fit what the cookbooks declare. */
export function checkAttributes(cookbooks: readonly Cookbook[], attributes: Attributes): readonly AttributeProblem[] {
  return Object.entries(attributes).flatMap(([name, values]) => {
    const cookbook = cookbooks.find((each) => each.name === name);
    if (cookbook === undefined) return [unknownCookbook(name, cookbooks)];
    return checkDeclared(cookbook.attributes, values, [name]);
  });
}

/** The same for the attributes of one cookbook, below a path; or for other values that are described so (`noun`). */
export function checkDeclared(
  declared: Readonly<Record<string, ValueSchema>>,
  values: Json,
  path: readonly (string | number)[],
  noun = 'attribute',
): readonly AttributeProblem[] {
  const problems = checkValue({ type: 'object', properties: declared }, values, path);
  return [...problems.map((problem) => attributeProblem(problem, declared, noun)), ...plantedTokens(values, path)];
}

function attributeProblem(
  problem: ValueProblem,
  declared: Readonly<Record<string, ValueSchema>>,
  noun: string,
): AttributeProblem {
  const { path, unknownKey, message, misread } = problem;
  const what = `the ${noun} ${path.join('.')}`;
  const hint = path.length > 2 ? {} : { hint: `Attributes are: ${Object.keys(declared).sort().join(', ')}.` };
  if (unknownKey) return { path, what, part: 'key', code: 'FIELD_UNKNOWN', message: `${what} ${message}`, ...hint };
  return {
    path,
    what,
    part: 'value',
    code: 'FIELD_INVALID',
    message: `${what} ${message}`,
    ...(misread === undefined ? {} : { misread }),
  };
}

function unknownCookbook(name: string, cookbooks: readonly Cookbook[]): AttributeProblem {
  const names = cookbooks.map((each) => each.name).sort();
  return {
    path: [name],
    what: `the cookbook ${name}`,
    part: 'key',
    code: 'FIELD_UNKNOWN',
    message: `there is no cookbook ${JSON.stringify(name)}${didYouMean(name, names)}`,
    hint: `Attributes stand below the name of their cookbook: ${names.join(', ')}.`,
  };
}

/** A written placeholder would be filled with a secret that its writer may not know. */
function plantedTokens(value: Json, path: readonly (string | number)[]): readonly AttributeProblem[] {
  if (typeof value === 'string' && hasSecretToken(value)) {
    const what = `the attribute ${path.join('.')}`;
    const message = `${what} looks like the placeholder of a secret`;
    return [{ path, what, part: 'value', code: 'FIELD_INVALID', message }];
  }
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => plantedTokens(item, [...path, index]));
  return isAttributeMap(value)
    ? Object.entries(value).flatMap(([key, item]) => plantedTokens(item, [...path, key]))
    : [];
}
