import { PARAMETERS } from './parameter.js';
import { COMMON_KEYS, NOTIFICATION } from './resource-item.js';

/** Names that an item of a recipe has already. */
const TAKEN = [...COMMON_KEYS, 'name'];

/** `resources/<name>.yaml`: a resource that is made of others. */
export const customResourceSchema = {
  $id: 'bde:custom-resource',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Custom resource',
  description: 'Resources that recipes ask for by one name, cookbook::name',
  type: 'object',
  properties: {
    summary: { type: 'string', minLength: 1, description: 'What there is on a node that has it' },
    parameters: {
      ...PARAMETERS,
      propertyNames: {
        ...PARAMETERS.propertyNames,
        not: { enum: TAKEN },
        'x-allowed': `letters, digits and _, a lower-case letter first; not ${TAKEN.join(', ')}, which every resource has`,
      },
      description: 'What may, or has to, stand beside its name',
    },
    resources: { type: 'array', items: { $ref: 'bde:resource-item' }, minItems: 1 },
    actions: {
      type: 'object',
      description: 'What a notification may ask of it: by action, what that asks of its own resources',
      propertyNames: { pattern: '^[a-z]+$', 'x-allowed': 'lower-case letters' },
      additionalProperties: { type: 'array', items: NOTIFICATION, minItems: 1 },
    },
  },
  required: ['summary', 'resources'],
  additionalProperties: false,
};
