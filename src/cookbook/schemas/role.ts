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
    port: { type: 'integer', minimum: 1, maximum: 65535 },
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
    runList: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^[a-z][a-z0-9_]*::[a-z][a-z0-9_-]*$',
        'x-allowed': 'cookbook::recipe',
      },
    },
    cardinality: CARDINALITY,
    ready: READY,
    ports: { type: 'array', items: PORT },
    minimumMemoryMiB: { type: 'integer', minimum: 0 },
    acceptance: { ...PROBE, description: 'Run on one node of the role once all roles are ready' },
    attributes: {
      type: 'object',
      description: 'Attributes by cookbook, for nodes that have this role',
      additionalProperties: { type: 'object' },
    },
    facts: { type: 'object', additionalProperties: FACT },
  },
  required: ['summary', 'runList'],
  additionalProperties: false,
};
