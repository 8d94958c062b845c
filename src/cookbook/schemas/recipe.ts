import { PARAMETERS } from './parameter.js';

/** `recipes/<recipe>.yaml`: a list of resources, and what they are told by who includes them. */
export const recipeSchema = {
  $id: 'bde:recipe',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Recipe',
  description: 'Resources in the order in which they are looked at',
  type: 'object',
  properties: {
    parameters: { ...PARAMETERS, description: 'What an include may, or has to, give as arguments' },
    resources: { type: 'array', items: { $ref: 'bde:resource-item' } },
  },
  required: ['resources'],
  additionalProperties: false,
};
