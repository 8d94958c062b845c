import { describe, expect, it } from 'vitest';
import { clusterSecrets } from '../../../src/engine/cluster-secrets.js';
import { findSecret } from '../../../src/engine/find-secret.js';
import { parseCookbooks } from '../../../src/engine/parse-cookbooks.js';
import { cookbook } from './sample-cluster.js';

const { cookbooks } = parseCookbooks([
  cookbook('vault', {
    'attributes.yaml': `
password: { type: string, secret: true, generate: { length: 20 } }
token: { type: string, secret: true, generate: { length: 20 } }
users: { type: array, items: { type: object, properties: { key: { type: string, secret: true } } } }
port: { type: integer, default: 1 }
`,
  }),
]);

const SECRETS = clusterSecrets(
  {
    configuration: { vault: { password: 'x', port: 2, users: [{ key: 'x' }] } },
    groups: [
      { name: 'a', configuration: { vault: { password: 'x' } } },
      { name: 'b', configuration: {} },
    ],
  },
  cookbooks,
);

describe('clusterSecrets', () => {
  it('has what the spec gives in each layer, and what bde makes beside that', () => {
    expect(SECRETS.map(({ name, origin, attribute, group }) => [name, origin, attribute, group])).toEqual([
      ['cluster.vault.password', 'spec', 'vault.password', null],
      ['cluster.vault.users.0.key', 'spec', 'vault.users.0.key', null],
      ['generated.vault.token', 'generated', 'vault.token', null],
      ['group.a.vault.password', 'spec', 'vault.password', 'a'],
    ]);
  });

  it('knows how each value is described', () => {
    expect(SECRETS.map(({ schema }) => schema.generate !== undefined)).toEqual([true, false, true, true]);
  });
});

describe('findSecret', () => {
  it.each([
    ['cluster.vault.password', 'cluster.vault.password'],
    ['group.a.vault.password', 'group.a.vault.password'],
    ['vault.token', 'generated.vault.token'],
    ['vault.users.0.key', 'cluster.vault.users.0.key'],
  ])('finds by %s the secret %s', (name, found) => {
    expect(findSecret(SECRETS, name, 'lab').name).toBe(found);
  });

  it.each([
    [
      'vault.password',
      'UNKNOWN_SECRET',
      'The cluster lab has 2 secrets of "vault.password": cluster.vault.password, group.a.vault.password.',
    ],
    ['vault.tokn', 'UNKNOWN_SECRET', 'The cluster lab has no secret "vault.tokn"; did you mean "vault.token"?'],
    ['vault.port', 'UNKNOWN_SECRET', 'The cluster lab has no secret "vault.port".'],
    [
      'fact/master/lab-m-0/seal',
      'SECRET_REFUSED',
      'The secret fact/master/lab-m-0/seal is a fact: the role master makes it on lab-m-0.',
    ],
  ])('refuses %s', (name, code, message) => {
    expect(() => findSecret(SECRETS, name, 'lab')).toThrow(expect.objectContaining({ code, message }));
  });
});
