const VALUE = {
  type: ['string', 'number', 'boolean', 'object', 'array'],
  description: 'Value where nothing more specific is given',
};

/** The subset of JSON Schema by which values are described: of attributes, and of facts. */
export const valueSchemaSchema = {
  $id: 'bde:value-schema',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Description of a value',
  type: 'object',
  properties: {
    type: { enum: ['string', 'integer', 'number', 'boolean', 'array', 'object'] },
    description: { type: 'string' },
    default: VALUE,
    secret: { type: 'boolean', description: 'The value, a string, is sealed, and shown nowhere' },
    enum: { type: 'array', minItems: 1, items: { type: ['string', 'number', 'boolean'] } },
    pattern: { type: 'string', format: 'regex', 'x-allowed': 'a regular expression' },
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    minLength: { type: 'integer', minimum: 0 },
    maxLength: { type: 'integer', minimum: 0 },
    items: { $ref: '#' },
    properties: { type: 'object', additionalProperties: { $ref: '#' } },
    additionalProperties: {
      if: { type: 'object' },
      then: { $ref: '#' },
      else: { type: 'boolean', 'x-allowed': 'true, false, or the description of a value' },
    },
    owned: {
      type: 'object',
      description: 'Keys of the map that nobody may give, for bde does: by key, where its value comes from',
      additionalProperties: { type: 'string', minLength: 1 },
    },
  },
  required: ['type'],
  if: { properties: { secret: { const: true } }, required: ['secret'] },
  then: { properties: { type: { const: 'string' } } },
  additionalProperties: false,
};

const GENERATE = {
  type: 'object',
  description: 'bde makes the value where nobody gives one, and a new one when it is asked to rotate it',
  properties: {
    length: { type: 'integer', minimum: 8, maximum: 1024, description: 'Characters of the value' },
    alphabet: { enum: ['alphanumeric', 'hex', 'digits'], description: 'With length; alphanumeric unless it says so' },
    bytes: { type: 'integer', minimum: 8, maximum: 512, description: 'Random bytes that the value spells' },
    encoding: { enum: ['base64', 'base64url', 'hex'], description: 'With bytes; base64 unless it says so' },
  },
  additionalProperties: false,
};

/** An attribute: a value whose description may say how bde makes one. Parts of lists and free keys are not made. */
export const attributeSchema = {
  ...valueSchemaSchema,
  $id: 'bde:attribute',
  title: 'Description of an attribute',
  properties: {
    ...valueSchemaSchema.properties,
    generate: GENERATE,
    items: { $ref: 'bde:value-schema' },
    properties: { type: 'object', additionalProperties: { $ref: '#' } },
    additionalProperties: {
      if: { type: 'object' },
      then: { $ref: 'bde:value-schema' },
      else: { type: 'boolean', 'x-allowed': 'true, false, or the description of a value' },
    },
  },
};

/** `attributes.yaml` of a cookbook: every attribute that its templates may use, by name. */
export const cookbookAttributesSchema = {
  $id: 'bde:cookbook-attributes',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Cookbook attributes',
  type: 'object',
  propertyNames: {
    pattern: '^[a-z][A-Za-z0-9_.-]*$',
    'x-allowed': 'letters, digits and _ . -, a lower-case letter first',
  },
  additionalProperties: { $ref: 'bde:attribute' },
};
