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

const SUM = {
  type: 'string',
  pattern: String.raw`^[0-9a-f]{64}$|\{\{`,
  'x-allowed': 'a sha256 of 64 hex digits, in lower case',
};

const STATE = { type: 'string', pattern: String.raw`^(?:running|stopped)$|\{\{`, 'x-allowed': '"running", "stopped"' };
const SCOPE = { type: 'string', pattern: String.raw`^(?:roles|cluster)$|\{\{`, 'x-allowed': '"roles", "cluster"' };

const CONTENT = { source: TEXT, content: TEXT };
const FILE = { ...CONTENT, owner: OWNER, group: OWNER, mode: MODE, seed: FLAG };

/** What may stand beside a resource's name, by kind. */
export const RESOURCE_PARAMETERS: Readonly<
  Record<string, { readonly properties: Readonly<Record<string, object>>; readonly required?: readonly string[] }>
> = {
  archive: {
    properties: { source: TEXT, repo: TEXT, sha256: SUM, strip_components: NUMBER, owner: OWNER, group: OWNER },
    required: ['source', 'sha256'],
  },
  ca_certificate: { properties: { ...CONTENT, path: TEXT } },
  directory: { properties: { owner: OWNER, group: OWNER, mode: MODE } },
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
  file: { properties: FILE },
  group: { properties: { gid: NUMBER, system: FLAG } },
  hosts_entries: { properties: { scope: SCOPE } },
  link: { properties: { to: TEXT, force: FLAG }, required: ['to'] },
  package: { properties: {} },
  package_repo: { properties: { url: TEXT, gpg_key: TEXT, ca_certificate: TEXT } },
  remote_file: {
    properties: { repo: TEXT, source: TEXT, sha256: SUM, owner: OWNER, group: OWNER, mode: MODE },
    required: ['repo', 'source', 'sha256'],
  },
  service: { properties: { state: STATE, enabled: FLAG } },
  sysctl: { properties: { value: TEXT, where_possible: FLAG }, required: ['value'] },
  systemd_unit: { properties: CONTENT },
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
      timeout_seconds: NUMBER,
    },
  },
};

/** The kinds that have a parameter of this name. */
export function kindsWithParameter(name: string): readonly string[] {
  const kinds = Object.entries(RESOURCE_PARAMETERS);
  return kinds.filter(([, { properties }]) => Object.hasOwn(properties, name)).map(([kind]) => kind);
}
