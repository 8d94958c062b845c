import { closedObject, flag, text, texts, wholeNumber, type SchemaPart } from './schema-parts.js';
import { ADDRESS } from './site-schema.js';

/** How hosts are logged in to; what is absent, ssh's own configuration says. */
const LOG_IN: Readonly<Record<string, SchemaPart>> = {
  user: text('User that logs in.'),
  port: {
    description: 'Port of sshd.',
    type: 'integer',
    minimum: 1,
    maximum: 65535,
    'x-allowed': 'a port, 1 to 65535',
  },
  sudo: {
    description: 'The user becomes root by sudo.',
    anyOf: [
      flag('Without a password.'),
      closedObject(
        { passwordFile: text('File with the password in its first line, 0600.') },
        { required: ['passwordFile'] },
      ),
    ],
    'x-allowed': 'true, false, or an object with "passwordFile"',
  },
  jump: {
    description: 'Hosts on the way, from here to there, each [user@]host[:port].',
    anyOf: [text('One host.'), texts('Hosts.')],
    'x-allowed': 'a jump host such as olga@bastion:2222, or a list of them',
  },
  identityFile: text('File of a private key, tried first.'),
  knownHosts: text('known_hosts file that is looked at first.'),
};

const HOST = closedObject(
  {
    ...LOG_IN,
    address: { ...ADDRESS, description: 'Where the host is logged in to, and what its nodes are called by.' },
    name: text('What people call it.'),
    rack: text('Rack that it stands in.'),
    cpuCount: wholeNumber('CPUs that may be counted on.', 1),
    memoryMiB: wholeNumber('Memory that may be counted on, MiB.', 64),
    diskGiB: wholeNumber('Disk that may be counted on, GiB.', 1),
  },
  { required: ['address'] },
);

/** `settings` of a provider of kind `static`. */
export const staticSettingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bde:static-settings',
  title: 'Settings of a static provider',
  ...closedObject(
    {
      ...LOG_IN,
      hosts: { description: 'Machines that may be leased.', type: 'array', minItems: 1, items: HOST },
    },
    { required: ['hosts'] },
  ),
};
