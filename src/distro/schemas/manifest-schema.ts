import { anyObject, closedObject, flag, text, texts } from '../../spec/schemas/schema-parts.js';

const NAMES = {
  type: 'array',
  uniqueItems: true,
  items: {
    type: 'string',
    pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$',
    'x-allowed': 'a name: letters, digits, "_", "-" and ".", 1 to 80',
  },
};

/** One entry of `distros/manifest.json`: BDE's fields, then ours. */
export const distroSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bde:distro',
  title: 'Entry of the distro manifest of bde',
  ...closedObject(
    {
      name: {
        description: 'Name of the distro; with its version it is unique.',
        type: 'string',
        pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$',
        'x-allowed': 'letters, digits, "_", "-" and ".", 1 to 80',
      },
      vendor: text('Compared without regard to upper and lower case; absent means the name.'),
      version: {
        description: 'Version of the product, as text.',
        type: 'string',
        pattern: '^[A-Za-z0-9][A-Za-z0-9_.+~-]{0,79}$',
        'x-allowed': 'a version in quotes: letters, digits, ".", "_", "+", "~" and "-", 1 to 80',
      },
      hveSupported: flag('Whether the product knows the hypervisor layer of topologies.'),
      packages: {
        description: 'Where the packages of which roles come from.',
        type: 'array',
        minItems: 1,
        items: closedObject(
          {
            roles: { ...NAMES, description: 'Roles that these packages serve.', minItems: 1 },
            tarball: text('Path of a tarball, relative to distros/.'),
            package_repos: { ...texts('Addresses of .repo files, as BDE has them.'), minItems: 1 },
          },
          { required: ['roles'] },
        ),
      },
      cookbooks: {
        ...NAMES,
        description: 'Cookbooks whose roles this distro offers; absent means all that are there.',
      },
      repos: { ...NAMES, description: 'Names of folders of repos/ that hold its packages.' },
      attributes: anyObject('Attributes, by cookbook: over those of the cookbooks, under those of roles.'),
      acceptance: { ...NAMES, description: 'Roles whose acceptance probe decides; absent means all that have one.' },
    },
    { required: ['name', 'packages'] },
  ),
};

/** `distros/manifest.json`. Entries are checked one by one when it is read, so that a broken one hides no other. */
export const manifestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bde:manifest',
  title: 'Distro manifest of bde',
  description: 'A list of distros.',
  type: 'array',
  items: { $ref: 'bde:distro' },
};
