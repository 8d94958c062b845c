import { join } from 'node:path';
import { openIdentity } from '../../../src/identity/open-identity.js';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.js';
import type { MemoryWorldPaths } from './memory-bde.js';

/** A cookbook with secret attributes that go into a file of each node: two that a spec gives, one that bde makes. */
export const VAULT = {
  'cookbooks/vault/metadata.yaml': "formatVersion: 1\nname: vault\nversion: '1.0.0'\nsummary: Holds secrets\n",
  'cookbooks/vault/attributes.yaml': [
    'password: { type: string, secret: true, minLength: 12, description: Of the store }',
    'token: { type: string, secret: true, description: Of the agent }',
    'key: { type: string, secret: true, generate: { length: 40 }, description: Of the members }',
    '',
  ].join('\n'),
  'cookbooks/vault/roles/vault.yaml':
    'summary: Vault\nrunList: ["vault::server"]\nready: { scope: each, withinSeconds: 5, probe: { command: probe-vault } }\n',
  'cookbooks/vault/recipes/server.yaml': [
    'resources:',
    '  - file: /etc/vault',
    "    mode: '0600'",
    '    content: "{{attributes.password}} {{attributes.token}} {{attributes.key}}"',
    '  - service: vault',
    '',
  ].join('\n'),
  'distros/manifest.json': JSON.stringify([
    {
      name: 'vault',
      vendor: 'VAULT',
      version: '1',
      packages: [{ roles: ['basic', 'vault'] }],
      cookbooks: ['base', 'vault'],
      repos: [],
    },
  ]),
};

/** A spec of two nodes that hold secrets, in the cluster's layer and in the group's. */
export function vaultSpec(secrets: { readonly password: string; readonly token: string }): string {
  const { password, token } = secrets;
  const nodeGroups = [
    { name: 'v', roles: ['vault'], instanceNum: 2, instanceType: 'SMALL', configuration: { vault: { token } } },
  ];
  return JSON.stringify({ apiVersion: 'bde/v2', distro: 'vault', nodeGroups, configuration: { vault: { password } } });
}

/** The value that a cluster of a world has for a secret, as only the operator's identity can tell. */
export async function openStoredSecret(
  { dir, home }: MemoryWorldPaths,
  cluster: string,
  name: string,
): Promise<string> {
  const sealer = await openIdentity({ path: join(dir, 'identity'), mayCreate: false });
  const store = await openSqliteStore(join(home, 'store.sqlite'));
  try {
    const record = await store.clusters.byName(cluster);
    const sealed = await store.secrets.get(record?.id ?? '', `attribute/${name}`);
    if (sealed === undefined) throw new Error(`the cluster ${cluster} has no secret ${name}`);
    return (await sealer.open(sealed)).reveal();
  } finally {
    await store.close();
  }
}
