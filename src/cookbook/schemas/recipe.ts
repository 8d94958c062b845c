import { kindsWithParameter, RESOURCE_PARAMETERS } from './resource-parameters.js';

const KINDS = Object.keys(RESOURCE_PARAMETERS);

const NOTIFICATION = {
  type: 'string',
  pattern: String.raw`^[a-z]+ [a-z_]+\[[^\n\]]+\](?: immediately)?$`,
  'x-allowed':
    '"ACTION KIND[NAME]", such as "restart service[web]", with " immediately" behind it where it cannot wait',
};

/** What every kind of resource may have. */
const COMMON = {
  when: { type: 'string', description: 'Template; the resource is left out unless it renders "true"' },
  only_if: { type: 'string', minLength: 1, description: 'Command; the resource is passed over where it fails' },
  not_if: { type: 'string', minLength: 1, description: 'Command; the resource is passed over where it succeeds' },
  creates: { type: 'string', minLength: 1, description: 'Path; the resource is passed over where it is there' },
  notify: { type: ['string', 'array'], description: 'What to do when this resource changed' },
};

/** The value may be one notification or a list; `if` keeps the findings to the branch that applies. */
const NOTIFY_RULE = {
  if: { properties: { notify: { type: 'array' } }, required: ['notify'] },
  then: { properties: { notify: { type: 'array', items: NOTIFICATION, minItems: 1 } } },
  else: { properties: { notify: NOTIFICATION } },
};

function resourceRule(kind: string) {
  const { properties, required = [] } = RESOURCE_PARAMETERS[kind] ?? { properties: {} };
  return {
    // `group` is a kind, and a parameter of others: beside one of those it names no kind.
    if: { required: [kind], ...beside(kindsWithParameter(kind)) },
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

/** `recipes/<recipe>.yaml`: a list of resources; the one key that names a kind holds the resource's name. */
export const recipeSchema = {
  $id: 'bde:recipe',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Recipe',
  description: 'Resources in the order in which they are looked at',
  type: 'object',
  properties: {
    resources: {
      type: 'array',
      items: { type: 'object', allOf: [...KINDS.map(resourceRule), NOTIFY_RULE] },
    },
  },
  required: ['resources'],
  additionalProperties: false,
};
