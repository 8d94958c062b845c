import { valueSchemaSchema } from './attributes.js';

/** A parameter of a recipe or of a custom resource: a value that has to be given, unless it has a default. */
export const parameterSchema = {
  ...valueSchemaSchema,
  $id: 'bde:parameter',
  title: 'Description of a parameter',
  properties: {
    ...valueSchemaSchema.properties,
    items: { $ref: 'bde:value-schema' },
    properties: { type: 'object', additionalProperties: { $ref: 'bde:value-schema' } },
    additionalProperties: {
      if: { type: 'object' },
      then: { $ref: 'bde:value-schema' },
      else: { type: 'boolean', 'x-allowed': 'true, false, or the description of a value' },
    },
    optional: { type: 'boolean', description: 'It need not be given, and is missing then: ask by {{#if (has …)}}' },
  },
};

/** A map of parameters by name. */
export const PARAMETERS = {
  type: 'object',
  propertyNames: {
    pattern: '^[a-z][A-Za-z0-9_]*$',
    'x-allowed': 'letters, digits and _, a lower-case letter first',
  },
  additionalProperties: { $ref: 'bde:parameter' },
};
