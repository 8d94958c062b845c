import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildProject, type Project } from './project.js';

/** Where the fixture's role lays the secret: the one file of a node that may hold it. */
export const VAULT_FILE = '/etc/vault/token.conf';

/** Each of these is made by a command that got the secret, and holds the sha256 of what it got. */
export const VAULT_PROOFS = ['/etc/vault/by-environment', '/etc/vault/by-command'] as const;

/** A cookbook that uses a secret attribute in every way that is allowed. Its commands linger, so that they can be watched. */
const COOKBOOK = {
  'metadata.yaml': ['formatVersion: 1', 'name: vault', 'version: "1.0.0"', 'summary: Keeps a secret'],
  'attributes.yaml': ['token: { type: string, secret: true, description: What is kept }'],
  'roles/vault_keeper.yaml': ['summary: Keeps a secret', 'runList: ["vault::keeper"]'],
  'recipes/keeper.yaml': [
    'resources:',
    '  - directory: /etc/vault',
    `  - template: ${VAULT_FILE}`,
    '    content: "token={{attributes.token}}\\n"',
    '    mode: "0600"',
    '  - execute: take it from the environment',
    `    command: sleep 1; printf %s "$TOKEN" | sha256sum >${VAULT_PROOFS[0]}`,
    '    environment: { TOKEN: "{{attributes.token}}" }',
    `    creates: ${VAULT_PROOFS[0]}`,
    '  - execute: take it from the command',
    `    command: printf %s {{quote attributes.token}} | { sleep 1; sha256sum; } >${VAULT_PROOFS[1]}`,
    `    creates: ${VAULT_PROOFS[1]}`,
  ],
} as const;

/** A project whose distro `vaulted` has the role `vault_keeper` beside ZooKeeper's, and a spec of one node with both. */
export async function buildVaultProject(token: string): Promise<Project & { readonly spec: string }> {
  const project = await buildProject();
  for (const [path, lines] of Object.entries(COOKBOOK)) {
    const file = join(project.root, 'cookbooks', 'vault', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${lines.join('\n')}\n`);
  }
  const manifest = join(project.root, 'distros', 'manifest.json');
  const distros = JSON.parse(await readFile(manifest, 'utf8')) as unknown[];
  await writeFile(manifest, JSON.stringify([...distros, VAULTED]));
  const spec = join(project.root, 'vault.json');
  await writeFile(spec, JSON.stringify(specWith(token)));
  return { ...project, spec };
}

const VAULTED = {
  name: 'vaulted',
  vendor: 'VAULTED',
  version: '1',
  packages: [{ roles: ['basic', 'zookeeper', 'vault_keeper'] }],
  cookbooks: ['base', 'zookeeper', 'vault'],
  repos: ['java', 'zookeeper'],
};

function specWith(token: string): unknown {
  return {
    apiVersion: 'bde/v2',
    distro: 'vaulted',
    nodeGroups: [{ name: 'keeper', roles: ['zookeeper', 'vault_keeper'], instanceNum: 1, instanceType: 'SMALL' }],
    configuration: { vault: { token } },
  };
}
