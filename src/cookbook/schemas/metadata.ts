const RANGE = {
  type: 'string',
  minLength: 1,
  'x-allowed': 'a range of versions in quotes, such as ">=1.2 <2"',
};

/** `metadata.yaml` of a cookbook. */
export const cookbookMetadataSchema = {
  $id: 'bde:cookbook-metadata',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Cookbook metadata',
  type: 'object',
  properties: {
    formatVersion: { const: 1 },
    name: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_]*$',
      'x-allowed': "the folder's name: lower-case letters, digits and _",
    },
    version: {
      type: 'string',
      pattern: String.raw`^\d+\.\d+\.\d+$`,
      'x-allowed': 'three numbers with dots, in quotes, such as "1.0.0"',
    },
    summary: { type: 'string', minLength: 1 },
    bde: { ...RANGE, description: 'Versions of bde that understand this cookbook' },
    depends: {
      type: 'object',
      description: 'Cookbooks whose recipes or custom resources it uses, with the versions that do',
      propertyNames: { pattern: '^[a-z][a-z0-9_]*$', 'x-allowed': 'the name of a cookbook' },
      additionalProperties: RANGE,
    },
  },
  required: ['formatVersion', 'name', 'version', 'summary'],
  additionalProperties: false,
};
