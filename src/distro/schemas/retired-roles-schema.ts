import { closedObject, text } from '../../spec/schemas/schema-parts.js';

/** `distros/retired-roles.json`: roles of products that are not shipped. */
export const retiredRolesSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bde:retired-roles',
  title: 'Roles of products that are not shipped',
  type: 'array',
  items: closedObject(
    {
      pattern: text('Regular expression that a whole role name matches; the first entry that does counts.'),
      product: text('What the role belongs to.'),
      reason: text('Why it is not here, as a clause.'),
      use: text('The role to use instead.'),
    },
    { required: ['pattern', 'product', 'reason'] },
  ),
};
