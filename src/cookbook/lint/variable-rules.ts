import { didYouMean } from '../../spec/document/nearest-name.js';
import type { Cookbook } from '../cookbook.js';
import { parsePlace } from '../render/source-place.js';
import type { ValueSchema } from '../value-schema.js';
import type { LintFinding } from './lint-finding.js';
import { namedPaths, type NamedPath } from './named-paths.js';
import { sampleContext } from './sample-context.js';
import { isPort, type WrittenText } from './written-texts.js';

/** Maps whose names are those of roles and attributes, which other rules look at. */
const OPEN_MAPS: ReadonlySet<string> = new Set(['attributes', 'roles', 'facts']);

/** What the port of a role sees. */
const ATTRIBUTES_ALONE = { attributes: {} };

/** Names in templates that lead nowhere, and attributes that no template names. */
export function lintVariables(cookbook: Cookbook, texts: readonly WrittenText[]): readonly LintFinding[] {
  const found = texts.map((written) => ({ written, paths: namedPaths(written) }));
  const paths = found.flatMap((each) => each.paths);
  const context = sampleContext();
  return [
    ...paths.flatMap((path) => unknownAttribute(path, cookbook)),
    ...found.flatMap(({ written, paths: own }) =>
      written.seesAll ? own.flatMap((path) => unknownVariable(path, isPort(written) ? ATTRIBUTES_ALONE : context)) : [],
    ),
    ...unusedAttributes(cookbook, paths),
  ];
}

function unknownAttribute({ steps, place }: NamedPath, { attributes }: Cookbook): readonly LintFinding[] {
  const [area, ...path] = steps;
  if (area !== 'attributes' || path.length === 0) return [];
  const missing = firstUndeclared({ type: 'object', properties: attributes }, path);
  if (missing === undefined) return [];
  return [
    {
      rule: 'unknown-attribute',
      severity: 'error',
      place,
      message: `"${steps.join('.')}" is declared nowhere in attributes.yaml${didYouMean(missing.step, missing.known)}`,
      hint: `Declare ${missing.step} in attributes.yaml, with its type.`,
    },
  ];
}

/** The first step of a path that a schema does not have; values below free keys, lists and scalars are not looked into. */
function firstUndeclared(
  { properties, additionalProperties }: ValueSchema,
  [step, ...others]: readonly string[],
): { readonly step: string; readonly known: readonly string[] } | undefined {
  if (step === undefined || properties === undefined) return undefined;
  if (Object.hasOwn(properties, step)) {
    const schema = properties[step];
    return schema === undefined ? undefined : firstUndeclared(schema, others);
  }
  const isOpen = additionalProperties !== undefined && additionalProperties !== false;
  return isOpen ? undefined : { step, known: Object.keys(properties) };
}

/** What an item of a recipe sees beyond the rest: its turn, and what its recipe or custom resource was told. */
const NAMES_OF_ITEMS: ReadonlySet<string> = new Set(['item', 'key', 'index', 'parameters', 'name']);

function unknownVariable({ steps, place }: NamedPath, context: object): readonly LintFinding[] {
  if (NAMES_OF_ITEMS.has(steps[0] ?? '')) return [];
  let value: unknown = context;
  for (const [index, step] of steps.entries()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    if (!Object.hasOwn(value, step)) {
      const known = Object.keys(value);
      const message = `"${steps.join('.')}" is nothing that a template sees${didYouMean(step, known)}`;
      const where = steps.slice(0, index).join('.');
      const hint = `${where === '' ? 'There are' : `${where} has`} ${known.join(', ')}.`;
      return [{ rule: 'unknown-variable', severity: 'error', place, message, hint }];
    }
    if (index === 0 && OPEN_MAPS.has(step)) return [];
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return [];
}

/** A template that names all attributes together uses each of them. */
function unusedAttributes(
  { attributes, attributePlace }: Cookbook,
  paths: readonly NamedPath[],
): readonly LintFinding[] {
  const used = paths.filter(({ steps }) => steps[0] === 'attributes').map(({ steps }) => steps[1]);
  if (used.includes(undefined)) return [];
  return Object.keys(attributes)
    .filter((name) => !used.includes(name))
    .map((name) => ({
      rule: 'unused-attribute' as const,
      severity: 'warning' as const,
      place: parsePlace(attributePlace([name])),
      message: `the attribute ${name} is used by no template`,
      hint: 'Use it, or take it out: a spec that sets it would change nothing.',
    }));
}
