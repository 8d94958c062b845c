import type { BdeError } from '../errors/bde-error.js';
import { didYouMean } from '../spec/document/nearest-name.js';
import { yamlTrap } from '../spec/document/yaml-trap.js';
import type { CustomUse, Parameter, Recipe, RecipeInclude, WrittenArgument } from './cookbook.js';
import { itemError, itemName } from './item-error.js';
import { placedError } from './placed-error.js';
import { hasSecretToken } from './secret-token.js';
import type { Json } from './types.js';
import { checkValue, type ValueProblem } from './value-schema.js';

/** Values of parameters, as templates see them. */
export type Arguments = Readonly<Record<string, Json>>;

/**
 * What a recipe or a custom resource is told: arguments that fit, and defaults. `lazy` renders and checks an argument when
 * it is first looked at: of a run that is resolved in part, others may not be known yet.
 *
 * @throws BdeError `COOKBOOK_INVALID` for the first argument that is unknown, is missing or does not fit; `RENDER_FAILED`
 */
export function resolveArguments(
  use: RecipeInclude | CustomUse,
  { parameters }: Recipe,
  { context, lazy }: { readonly context: object; readonly lazy: boolean },
): Arguments {
  const [unknown] = unknownArguments(use, parameters);
  if (unknown !== undefined) throw unknown;
  const values = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const argument = Object.hasOwn(use.arguments, name) ? use.arguments[name] : undefined;
    if (argument === undefined && !isOptional(parameter)) throw missing(use, name, parameters);
    if (argument === undefined && parameter.default === undefined) continue;
    const value = () =>
      argument === undefined ? parameter.default : checkedArgument(name, argument, parameter, context);
    Object.defineProperty(values, name, lazy ? { enumerable: true, get: value } : { enumerable: true, value: value() });
  }
  return values;
}

/**
 * What a recipe is told that is told nothing: its defaults.
 *
 * @throws what `missing` gives for the first parameter that has to be given
 */
export function defaultArguments({ parameters }: Recipe, missingError: (name: string) => Error): Arguments {
  const entries = Object.entries(parameters).flatMap(([name, parameter]): readonly (readonly [string, Json])[] => {
    if (!isOptional(parameter)) throw missingError(name);
    return parameter.default === undefined ? [] : [[name, parameter.default]];
  });
  return Object.fromEntries(entries);
}

/** What can be said of arguments before any of them is rendered: those that are unknown, and those that are missing. */
export function checkArgumentNames(use: RecipeInclude | CustomUse, { parameters }: Recipe): readonly BdeError[] {
  const lacking = Object.entries(parameters).filter(
    ([name, parameter]) => !Object.hasOwn(use.arguments, name) && !isOptional(parameter),
  );
  return [...unknownArguments(use, parameters), ...lacking.map(([name]) => missing(use, name, parameters))];
}

function isOptional(parameter: Parameter): boolean {
  return parameter.default !== undefined || parameter.optional === true;
}

function checkedArgument(name: string, argument: WrittenArgument, parameter: Parameter, context: object): Json {
  const value = argument.render(context);
  // Only its placeholder is known here, so what the value of a secret is like cannot be said.
  if (typeof value === 'string' && hasSecretToken(value) && parameter.type === 'string') return value;
  const [problem] = checkValue(parameter, value);
  if (problem !== undefined) throw misfit(name, argument, problem);
  return value;
}

function misfit(name: string, { place, source }: WrittenArgument, problem: ValueProblem) {
  const what = `the argument ${[name, ...problem.path].join('.')}`;
  const trap =
    problem.misread !== undefined && problem.path.length === 0
      ? yamlTrap(place.file, source, problem.misread.value)
      : undefined;
  if (trap === undefined || problem.misread === undefined) return placedError(place, `${what} ${problem.message}`);
  return placedError(place, `${what} is ${trap.found}; allowed is ${problem.misread.allowed}`, trap.hint);
}

function unknownArguments(use: RecipeInclude | CustomUse, parameters: Recipe['parameters']): readonly BdeError[] {
  const names = Object.keys(parameters);
  const unknown = Object.entries(use.arguments).filter(([name]) => !Object.hasOwn(parameters, name));
  return unknown.map(([name, { keyPlace }]) => {
    const message = `${calleeOf(use)} has no parameter ${JSON.stringify(name)}${didYouMean(name, names)}`;
    return placedError(keyPlace, message, parametersHint(parameters));
  });
}

function missing(use: RecipeInclude | CustomUse, name: string, parameters: Recipe['parameters']) {
  const lacks = `lacks the argument ${JSON.stringify(name)}`;
  const hint = parametersHint(parameters);
  if (use.type === 'custom') return itemError(use, { key: null, message: lacks, hint });
  return itemError(use, { key: 'include', message: `of ${use.recipe} ${lacks}`, hint });
}

function calleeOf(use: RecipeInclude | CustomUse): string {
  return use.type === 'include' ? use.recipe : itemName(use);
}

function parametersHint(parameters: Recipe['parameters']): string {
  const names = Object.entries(parameters).map(([name, parameter]) =>
    isOptional(parameter) ? `${name} (optional)` : name,
  );
  return names.length === 0 ? 'It takes none.' : `Its parameters are: ${names.sort().join(', ')}.`;
}
