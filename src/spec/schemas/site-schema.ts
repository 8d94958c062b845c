import { anyObject, closedObject, text, texts, wholeNumber, type SchemaPart } from './schema-parts.js';

/** An IPv4 address. */
export const ADDRESS: SchemaPart = {
  type: 'string',
  pattern: '^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}$',
  'x-allowed': 'an IPv4 address such as 10.77.3.10',
};

const NAME = '^[A-Za-z][A-Za-z0-9_-]{0,39}$';

function byName(description: string, values: SchemaPart): SchemaPart {
  return {
    description,
    type: 'object',
    propertyNames: { pattern: NAME, 'x-allowed': 'a letter, then letters, digits, "_" and "-", 1 to 40' },
    additionalProperties: values,
  };
}

const SIZE = closedObject(
  {
    cpuCount: wholeNumber('CPUs.', 1),
    memoryMiB: wholeNumber('Memory in MiB.', 64),
    diskGiB: wholeNumber('System disk in GiB.', 1),
  },
  { required: ['cpuCount', 'memoryMiB', 'diskGiB'] },
);

const PROVIDER = closedObject({
  kind: text('Which provider it is; absent means the name.'),
  network: text('Name of the network that its machines are put on.'),
  sizes: byName('What size names mean here; names that are not given keep their meaning.', SIZE),
  settings: anyObject('What this kind of provider takes.'),
});

const NETWORK = closedObject(
  {
    cidr: {
      description: 'The network.',
      type: 'string',
      pattern: '^\\d{1,3}(?:\\.\\d{1,3}){3}/(?:[89]|[12]\\d|30)$',
      'x-allowed': 'an IPv4 network such as 10.77.3.0/24, with a prefix of 8 to 30',
    },
    range: {
      description: 'First and last address that nodes may get.',
      type: 'array',
      minItems: 2,
      maxItems: 2,
      items: ADDRESS,
      'x-allowed': 'a list of two addresses',
    },
    gateway: { ...ADDRESS, description: 'Default route of the nodes; absent means none.' },
    dns: { description: 'Name servers of the nodes.', type: 'array', items: ADDRESS },
    addresses: { description: 'Who gives out addresses.', enum: ['static', 'dhcp'] },
  },
  { required: ['cidr'] },
);

/** `bde.yaml`: what is particular to the place where bde runs. */
export const siteSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bde:site',
  title: 'Site file of bde',
  ...closedObject({
    $schema: text('For editors.'),
    formatVersion: { description: 'Version of this format.', const: 1 },
    provider: text('Provider of clusters that name none.'),
    providers: byName('What makes machines.', PROVIDER),
    networks: byName('Networks and their address pools.', NETWORK),
    caCertificates: texts('Files with certificates (PEM) that nodes trust.'),
    cookbooks: texts('Folders with cookbooks beside the shipped ones; relative to this file.'),
    distros: texts('Folders with a manifest.json beside the shipped one; relative to this file.'),
    repos: texts('Folders with package repos beside the shipped ones; relative to this file.'),
    proxy: closedObject({
      http: text('Proxy for HTTP.'),
      https: text('Proxy for HTTPS.'),
      noProxy: texts('Hosts that are reached without a proxy.'),
    }),
    fix: closedObject({
      perHour: wholeNumber('How many nodes of a cluster `bde cluster fix` makes anew within an hour.', 0),
    }),
    mirror: closedObject({
      address: { ...ADDRESS, description: 'Address at which nodes find the package mirror.' },
      port: {
        description: 'Its port.',
        type: 'integer',
        minimum: 1,
        maximum: 65535,
        'x-allowed': 'a port, 1 to 65535',
      },
    }),
  }),
};
