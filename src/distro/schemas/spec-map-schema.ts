import { closedObject, text } from '../../spec/schemas/schema-parts.js';

/** One entry of `specs/map.json`: BDE's fields, then ours. */
export const specMapEntrySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bde:spec-map-entry',
  title: 'Entry of the spec map of bde',
  ...closedObject(
    {
      vendor: text('Compared without regard to upper and lower case.'),
      version: text('Regular expression that the whole version of the distro matches.'),
      type: text('Label for people.'),
      appManager: text('What deploys the software; this program is "Default".'),
      path: text('Path of the spec, relative to specs/.'),
      flavour: {
        description: 'Name of the variant; absent means the folder of the spec.',
        type: 'string',
        pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$',
        'x-allowed': 'letters, digits, "_", "-" and ".", 1 to 80',
      },
    },
    { required: ['vendor', 'version', 'path'] },
  ),
};

/** `specs/map.json`. */
export const specMapSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bde:spec-map',
  title: 'Spec map of bde',
  description: 'A list of specs.',
  type: 'array',
  items: { $ref: 'bde:spec-map-entry' },
};
