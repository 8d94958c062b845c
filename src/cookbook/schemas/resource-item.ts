import { kindsWithParameter, RESOURCE_PARAMETERS } from './resource-parameters.js';

const KINDS = Object.keys(RESOURCE_PARAMETERS);

/** `cookbook::name`: of a recipe, or of a custom resource. */
export const QUALIFIED_NAME = '^[a-z][a-z0-9_]*::[a-z][a-z0-9_-]*$';

/** `restart service[web]`, `restart redis::instance[main] immediately`. */
export const NOTIFICATION = {
  type: 'string',
  pattern: String.raw`^[a-z]+ [a-z][a-z0-9_]*(?:::[a-z][a-z0-9_-]*)?\[[^\n\]]+\](?: immediately)?$`,
  'x-allowed':
    '"ACTION KIND[NAME]", such as "restart service[web]", with " immediately" behind it where it cannot wait',
};

const RETRY = {
  type: ['integer', 'object'],
  description: 'How often it is tried again where it failed: a number, or times and delay_seconds (2)',
  'x-allowed': 'a whole number from 1 to 100, or "times" and "delay_seconds"',
  minimum: 1,
  maximum: 100,
  properties: {
    times: { type: 'integer', minimum: 1, maximum: 100, description: 'Tries after the first one' },
    delay_seconds: { type: 'integer', minimum: 0, maximum: 3600, description: 'From one try to the next' },
  },
  required: ['times'],
  additionalProperties: false,
};

/** What every item of a recipe may have. */
const COMMON = {
  when: { type: 'string', description: 'Template; the resource is left out unless it renders "true"' },
  only_if: { type: 'string', minLength: 1, description: 'Command; the resource is passed over where it fails' },
  not_if: { type: 'string', minLength: 1, description: 'Command; the resource is passed over where it succeeds' },
  creates: { type: 'string', minLength: 1, description: 'Path; the resource is passed over where it is there' },
  notify: { type: ['string', 'array'], description: 'What to do when this resource changed' },
  retry: RETRY,
  timeout: {
    type: ['integer', 'string'],
    pattern: String.raw`^\d+$|\{\{`,
    minimum: 1,
    maximum: 86_400,
    description: 'Seconds that a try may take; then its processes are ended, and it failed',
    'x-allowed': 'a whole number of seconds from 1 to 86400',
  },
  once: { type: 'boolean', description: 'On one node of the role only: the one with the lowest ordinal' },
  for_each: {
    type: ['string', 'array', 'object'],
    description: 'Once for each item: an expression such as attributes.sites, or a list or map',
  },
};

/** Names of what every item may have. */
export const COMMON_KEYS: ReadonlySet<string> = new Set(Object.keys(COMMON));

/** The value may be one notification or a list; `if` keeps the findings to the branch that applies. */
const NOTIFY_RULE = {
  if: { properties: { notify: { type: 'array' } }, required: ['notify'] },
  then: { properties: { notify: { type: 'array', items: NOTIFICATION, minItems: 1 } } },
  else: { properties: { notify: NOTIFICATION } },
};

/** True of an item that has no key of the form `cookbook::name`. */
const IS_BUILT_IN = { propertyNames: { not: { pattern: '::' } } };

const INCLUDE = {
  include: {
    type: 'string',
    pattern: QUALIFIED_NAME,
    description: 'A recipe whose resources stand here',
    'x-allowed': 'cookbook::recipe',
  },
  arguments: { type: 'object', description: "Values of the recipe's parameters" },
};

function resourceRule(kind: string) {
  const { properties, required = [] } = RESOURCE_PARAMETERS[kind] ?? { properties: {} };
  return {
    // `group` is a kind, and a parameter of others: beside one of those it names no kind.
    if: { required: [kind], ...IS_BUILT_IN, ...beside(kindsWithParameter(kind)) },
    then: {
      properties: { [kind]: { type: 'string', minLength: 1 }, ...properties, ...COMMON },
      required: [...required],
      additionalProperties: false,
    },
  };
}

function beside(others: readonly string[]): object {
  return others.length === 0 ? {} : { not: { anyOf: others.map((other) => ({ required: [other] })) } };
}

const INCLUDE_RULE = {
  if: { required: ['include'], ...IS_BUILT_IN },
  then: { properties: { ...INCLUDE, ...COMMON }, additionalProperties: false },
};

/** The arguments of a custom resource are those that it declares: its file says, not this schema. */
const CUSTOM_RULE = {
  if: { not: IS_BUILT_IN },
  then: { properties: COMMON, patternProperties: { '::': { type: 'string', minLength: 1 } } },
};

/** One item of a recipe: a resource, an `include`, or a custom resource. The key that names its kind holds its name. */
export const resourceItemSchema = {
  $id: 'bde:resource-item',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Item of a recipe',
  type: 'object',
  allOf: [...KINDS.map(resourceRule), INCLUDE_RULE, CUSTOM_RULE, NOTIFY_RULE],
};
