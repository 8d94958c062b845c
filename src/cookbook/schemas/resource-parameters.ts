// Parameters of each kind of resource, as JSON Schema. A string with {{ in it is judged once it is rendered.

const TEXT = { type: 'string' };
const FLAG = { type: 'boolean' };

const MODE = {
  type: 'string',
  pattern: String.raw`^[0-7]{3,4}$|\{\{`,
  description: 'Permissions, octal digits in quotes',
  'x-allowed': 'three or four octal digits in quotes, such as "0644"',
};

const OWNER = {
  type: 'string',
  pattern: String.raw`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$|\{\{`,
  description: 'A user or group, by name or number',
  'x-allowed': 'a name or number of a user or group, in quotes',
};

const LIST = { type: 'array', items: TEXT };

const NUMBER = {
  type: ['integer', 'string'],
  pattern: String.raw`^\d+$|\{\{`,
  'x-allowed': 'a whole number',
};

const ENVIRONMENT = {
  type: 'object',
  additionalProperties: TEXT,
  propertyNames: {
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    'x-allowed': 'letters, digits and _, no digit first',
  },
};

/** One of these words; or a template that renders one. */
function oneOf(...words: readonly string[]): object {
  return {
    type: 'string',
    pattern: `^(?:${words.join('|')})$|\\{\\{`,
    'x-allowed': words.map((word) => `"${word}"`).join(', '),
  };
}

const FORMAT = oneOf('xml', 'properties', 'ini', 'json', 'yaml');
const STATE = oneOf('running', 'stopped', 'masked');
const PACKAGE_SOURCE = oneOf('mirror', 'node');
const SCOPE = oneOf('roles', 'cluster');
const PRESENCE = oneOf('present', 'absent');

const SUM = {
  type: 'string',
  pattern: String.raw`^[0-9a-f]{64}$|\{\{`,
  'x-allowed': 'a sha256 of 64 hex digits, in lower case',
};

const CONTENT = { source: TEXT, content: TEXT };
const FILE = { ...CONTENT, owner: OWNER, group: OWNER, mode: MODE, seed: FLAG };
const EDIT = { state: PRESENCE, before: TEXT, after: TEXT, owner: OWNER, group: OWNER, mode: MODE };

/** What may stand beside a resource's name, by kind. */
export const RESOURCE_PARAMETERS: Readonly<
  Record<string, { readonly properties: Readonly<Record<string, object>>; readonly required?: readonly string[] }>
> = {
  archive: {
    properties: { source: TEXT, repo: TEXT, sha256: SUM, strip_components: NUMBER, owner: OWNER, group: OWNER },
    required: ['source', 'sha256'],
  },
  authorized_key: {
    properties: {
      user: OWNER,
      key: { type: ['string', 'array'], items: TEXT, minItems: 1, 'x-allowed': 'a public key, or a list of such' },
      options: TEXT,
      exclusive: FLAG,
      state: PRESENCE,
    },
    required: ['key'],
  },
  block_in_file: { properties: { ...CONTENT, ...EDIT, marker: TEXT, comment: TEXT } },
  ca_certificate: { properties: { ...CONTENT, path: TEXT } },
  config_map: {
    properties: {
      format: FORMAT,
      from: TEXT,
      values: { type: 'object', description: 'Settings by key; strings are templates' },
      sorted: FLAG,
      owner: OWNER,
      group: OWNER,
      mode: MODE,
      seed: FLAG,
    },
    required: ['format'],
  },
  directory: {
    properties: { owner: OWNER, group: OWNER, mode: MODE, recursive: FLAG, only: LIST, state: PRESENCE, force: FLAG },
  },
  disk: {
    properties: { fstype: oneOf('ext4', 'xfs', 'vfat', 'swap'), label: TEXT, partition: FLAG },
    required: ['fstype'],
  },
  execute: {
    properties: {
      command: TEXT,
      cwd: TEXT,
      user: OWNER,
      environment: ENVIRONMENT,
      timeout_seconds: NUMBER,
      notified_only: FLAG,
    },
    required: ['command'],
  },
  fact: { properties: { command: TEXT }, required: ['command'] },
  file: { properties: { ...FILE, state: PRESENCE } },
  firewall: {
    properties: {
      ports: { type: 'array', items: { type: ['integer', 'string'] } },
      network: { type: ['string', 'array'], items: TEXT },
      per_peer: FLAG,
      ssh_port: NUMBER,
      state: PRESENCE,
    },
  },
  group: { properties: { gid: NUMBER, system: FLAG } },
  hostname: { properties: {} },
  hosts_entries: { properties: { scope: SCOPE } },
  kernel_module: {
    properties: { state: oneOf('loaded', 'blacklisted'), options: TEXT, where_possible: FLAG },
  },
  line_in_file: { properties: { line: TEXT, match: TEXT, ...EDIT } },
  link: { properties: { to: TEXT, force: FLAG, state: PRESENCE } },
  mount: {
    properties: {
      device: TEXT,
      fstype: TEXT,
      options: TEXT,
      dump: NUMBER,
      pass: NUMBER,
      state: oneOf('mounted', 'present', 'unmounted', 'absent'),
    },
  },
  node_certificate: { properties: { owner: OWNER, group: OWNER } },
  package: { properties: { version: TEXT, hold: FLAG, state: PRESENCE, from: PACKAGE_SOURCE } },
  package_repo: { properties: { url: TEXT, gpg_key: TEXT, ca_certificate: TEXT } },
  remote_file: {
    properties: { repo: TEXT, source: TEXT, sha256: SUM, owner: OWNER, group: OWNER, mode: MODE },
    required: ['repo', 'source', 'sha256'],
  },
  service: { properties: { state: STATE, enabled: FLAG } },
  sysctl: { properties: { value: TEXT, where_possible: FLAG }, required: ['value'] },
  systemd_unit: { properties: { ...CONTENT, drop_in: TEXT, state: PRESENCE } },
  timer: {
    properties: {
      on_calendar: { type: ['string', 'array'], items: TEXT },
      on_boot: TEXT,
      every: TEXT,
      randomized_delay: TEXT,
      persistent: FLAG,
      command: TEXT,
      user: OWNER,
      unit: TEXT,
      state: PRESENCE,
    },
  },
  template: { properties: FILE },
  user: {
    properties: {
      uid: NUMBER,
      group: OWNER,
      groups: { type: 'array', items: OWNER },
      home: TEXT,
      shell: TEXT,
      comment: TEXT,
      system: FLAG,
      password_hash: TEXT,
      state: PRESENCE,
    },
  },
  wait_for: {
    properties: {
      port: NUMBER,
      host: TEXT,
      http: TEXT,
      status: NUMBER,
      command: TEXT,
      file: TEXT,
      service: TEXT,
      timeout_seconds: NUMBER,
    },
  },
};

/** The kinds that have a parameter of this name. */
export function kindsWithParameter(name: string): readonly string[] {
  const kinds = Object.entries(RESOURCE_PARAMETERS);
  return kinds.filter(([, { properties }]) => Object.hasOwn(properties, name)).map(([kind]) => kind);
}
