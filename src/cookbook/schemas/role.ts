const ROLE_NAME = {
  type: 'string',
  pattern: '^[A-Za-z][A-Za-z0-9_]*$',
  'x-allowed': 'the name of a role: letters, digits and _',
};

const ROLE_NAMES = { type: 'array', items: ROLE_NAME, uniqueItems: true };

const PROBE = {
  type: 'object',
  properties: {
    command: { type: 'string', minLength: 1, description: 'POSIX sh and a template; exit 0 means yes' },
    timeoutSeconds: { type: 'integer', minimum: 1, maximum: 3600 },
  },
  required: ['command'],
  additionalProperties: false,
};

const STEP = (description: string) => ({ ...PROBE, description });

const UPDATE = {
  type: 'object',
  description: 'How members of a role that is in service are changed',
  properties: {
    maxUnavailable: {
      description: 'Members that may be down at once: a number, or a part such as "25%"',
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'string', pattern: '^([1-9][0-9]?|100)%$', 'x-allowed': 'a percentage such as "25%"' },
      ],
    },
    leader: { ...PROBE, description: 'Says yes on the leader, which goes last' },
  },
  additionalProperties: false,
};

const RUN_LIST = {
  type: 'array',
  items: {
    type: 'string',
    pattern: '^[a-z][a-z0-9_]*::[a-z][a-z0-9_-]*$',
    'x-allowed': 'cookbook::recipe',
  },
};

const OTHER_RUN = (description: string, more: Readonly<Record<string, object>> = {}) => ({
  type: 'object',
  description,
  properties: { ...more, runList: { ...RUN_LIST, minItems: 1 } },
  required: [...Object.keys(more), 'runList'],
  additionalProperties: false,
});

const SCOPE = {
  enum: ['any', 'each'],
  description: 'Whose data it takes: any one node has all of it, or each node has its own',
};

const READY = {
  type: 'object',
  description: 'When the role counts as ready',
  properties: {
    scope: {
      enum: ['each', 'quorum', 'any'],
      description: 'Where the probe has to answer: each node, a majority, any one',
    },
    withinSeconds: { type: 'integer', minimum: 1, maximum: 86400 },
    probe: PROBE,
  },
  required: ['probe'],
  additionalProperties: false,
};

const PORT = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    port: {
      description: 'A number, or a template of attributes that gives one, such as "{{attributes.port}}"',
      type: ['integer', 'string'],
      minimum: 1,
      maximum: 65535,
      pattern: '\\{\\{',
      'x-allowed': 'a port from 1 to 65535, or a template such as "{{attributes.port}}"',
    },
    protocol: { enum: ['tcp', 'udp'] },
    scheme: { type: 'string', minLength: 1, description: 'How people reach it, such as http' },
  },
  required: ['name', 'port'],
  additionalProperties: false,
};

const CARDINALITY = {
  type: 'object',
  properties: {
    min: { type: 'integer', minimum: 0 },
    max: { type: ['integer', 'null'], minimum: 0 },
    quorum: { type: 'boolean', description: 'A majority has to live, so an even count is of little use' },
  },
  additionalProperties: false,
};

const FACT = {
  type: 'object',
  properties: {
    schema: { $ref: 'bde:value-schema' },
    secret: { type: 'boolean' },
    command: {
      type: 'string',
      minLength: 1,
      description: 'POSIX sh and a template; what it prints is the value. Absent: a fact of the recipes gives it',
    },
  },
  required: ['schema'],
  additionalProperties: false,
};

/** `roles/<role>.yaml`. */
export const roleSchema = {
  $id: 'bde:role',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Role',
  type: 'object',
  properties: {
    summary: { type: 'string', minLength: 1 },
    requires: { ...ROLE_NAMES, description: 'Roles that must be ready before this one converges' },
    reads: { ...ROLE_NAMES, description: 'Further roles whose nodes or facts the templates use' },
    runList: RUN_LIST,
    cardinality: CARDINALITY,
    ready: READY,
    ports: { type: 'array', items: PORT },
    minimumMemoryMiB: { type: 'integer', minimum: 0 },
    acceptance: { ...PROBE, description: 'Run on one node of the role once all roles are ready' },
    join: STEP('Makes a new node a member; run on a ready peer, which has the member in $member_…'),
    leave: STEP('Ends a membership for good; run on a ready peer, which has the member in $member_…'),
    drain: STEP('Takes work away from the node for a while; run on it'),
    undrain: STEP('Gives work back to the node; run on it'),
    remove: OTHER_RUN('Takes the role off a node that lives on'),
    backup: OTHER_RUN(
      'Writes the data of the role into {{backup.directory}}, the service going on; together with restore',
      { scope: SCOPE },
    ),
    restore: OTHER_RUN(
      'Replaces the data of the role by that of {{backup.directory}}, on each node, the services of all of them stopped',
    ),
    update: UPDATE,
    attributes: {
      type: 'object',
      description: 'Attributes by cookbook, for nodes that have this role',
      additionalProperties: { type: 'object' },
    },
    facts: { type: 'object', additionalProperties: FACT },
  },
  required: ['summary', 'runList'],
  dependentRequired: { backup: ['restore'], restore: ['backup'] },
  additionalProperties: false,
};
