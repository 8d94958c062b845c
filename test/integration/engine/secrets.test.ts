import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_SENTINEL } from '../../fakes/plain-certifier.js';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from './memory-bde.js';

const CLUSTER_SECRET = 'sentinel-of-the-cluster-8143';
const GROUP_SECRET = 'sentinel-of-the-group-5520';
const SECRETS = [CLUSTER_SECRET, GROUP_SECRET, KEY_SENTINEL];

/** A cookbook with secret attributes that go into a file of each node. */
const VAULT = {
  'cookbooks/vault/metadata.yaml': "formatVersion: 1\nname: vault\nversion: '1.0.0'\nsummary: Holds secrets\n",
  'cookbooks/vault/attributes.yaml': [
    'password: { type: string, secret: true, minLength: 12, description: Of the store }',
    'token: { type: string, secret: true, description: Of the agent }',
    '',
  ].join('\n'),
  'cookbooks/vault/roles/vault.yaml':
    'summary: Vault\nrunList: ["vault::server"]\nready: { scope: each, withinSeconds: 5, probe: { command: probe-vault } }\n',
  'cookbooks/vault/recipes/server.yaml': [
    'resources:',
    '  - file: /etc/vault',
    "    mode: '0600'",
    '    content: "{{attributes.password}} {{attributes.token}}"',
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

let bde: MemoryBde;
let world: MemoryWorldPaths;
let outputs: string[];

beforeAll(async () => {
  bde = await buildMemoryBde(VAULT);
});

beforeEach(() => {
  world = bde.newWorld();
  outputs = [];
  writeSpec(CLUSTER_SECRET);
});

afterAll(() => bde.remove());

function specFile(): string {
  return join(world.dir, 'spec.json');
}

function writeSpec(password: string): void {
  const nodeGroups = [
    {
      name: 'v',
      roles: ['vault'],
      instanceNum: 2,
      instanceType: 'SMALL',
      configuration: { vault: { token: GROUP_SECRET } },
    },
  ];
  const spec = { apiVersion: 'bde/v2', distro: 'vault', nodeGroups, configuration: { vault: { password } } };
  writeFileSync(specFile(), JSON.stringify(spec));
}

/** Nodes answer with what their programs said, which was the secret. */
function letNodesTell(exitCode: number): void {
  const lines = [
    JSON.stringify({
      resource: 'file[/etc/vault]',
      outcome: exitCode === 0 ? 'changed' : 'failed',
      ms: 1,
      detail: `was ${CLUSTER_SECRET}`,
      diff: `-old\n+${CLUSTER_SECRET} ${GROUP_SECRET}`,
    }),
  ];
  const run = { exitCode, lines, stderr: `vault: bad password ${CLUSTER_SECRET}\n` };
  writeFileSync(join(world.world, 'outcomes.json'), JSON.stringify({ runs: { vault: run } }));
}

async function run(...argv: readonly string[]): Promise<Ended> {
  const ended = await bde.run(world, argv);
  outputs.push(ended.stdout, ended.stderr);
  return ended;
}

/**
 * Where a secret can be read: in what was printed, or in any file but the operator's own spec, what the test wrote, and
 * what the nodes that it is for keep of their own runs.
 */
function findLeaks(): readonly string[] {
  const own = [specFile(), join(world.world, 'outcomes.json')];
  const files = readdirSync(world.dir, { recursive: true, encoding: 'utf8' })
    .map((path) => join(world.dir, path))
    .filter((path) => statSync(path).isFile() && !own.includes(path) && !/\/nodes\/[^/]+\/runs\//.test(path));
  const texts = [
    ...outputs.map((text) => ({ where: `output ${text.slice(0, 200)}`, text })),
    ...files.map((path) => ({ where: path, text: readFileSync(path, 'latin1') })),
  ];
  return texts.filter(({ text }) => SECRETS.some((secret) => text.includes(secret))).map(({ where }) => where);
}

const CREATE = ['cluster', 'create', 'safe', '--json', '--spec'];

describe('secret attributes', () => {
  it('stand in no output, store, blob, plan or event of a cluster that uses them', async () => {
    letNodesTell(0);

    const created = await run(...CREATE, specFile(), '--debug');
    await run('cluster', 'show', 'safe', '--json');
    await run('cluster', 'logs', 'safe', '--json');
    await run('cluster', 'events', 'safe', '--json');
    await run('cluster', 'converge', 'safe', '--check', '--diff', '--json');
    await run('config', 'explain', 'safe', 'vault.password', '--json');
    const { operations } = JSON.parse((await run('operation', 'list', '--json')).stdout) as {
      operations: { id: string }[];
    };
    for (const { id } of operations) await run('operation', 'show', id, '--json');

    expect(created.exitCode, created.stderr).toBe(0);
    expect(findLeaks()).toEqual([]);
    expect(outputs.join('\n')).toContain('[secret]');
  });

  it('stand nowhere once certificates and their authority were exchanged, and nor does a private key', async () => {
    letNodesTell(0);
    await run(...CREATE, specFile());

    const rotated = await run('cluster', 'rotate-certs', 'safe', '--ca', '--json', '--debug');
    await run('cluster', 'status', 'safe', '--json');
    const trust = await run('cluster', 'trust', 'safe');
    await run('cluster', 'events', 'safe', '--json');
    await run('cluster', 'logs', 'safe', '--json');

    expect(rotated.exitCode, rotated.stderr).toBe(0);
    expect(trust.stdout).toContain('BEGIN CERTIFICATE');
    expect(findLeaks()).toEqual([]);
  });

  it('stand in no message of a run that failed over them', async () => {
    letNodesTell(3);

    const created = await run(...CREATE, specFile(), '--debug');

    expect(created.exitCode).toBe(7);
    expect(created.stdout).toContain('was [secret]');
    expect(findLeaks()).toEqual([]);
  });

  it('stand in no plan', async () => {
    const planned = await run(...CREATE, specFile(), '--plan');

    expect(planned.exitCode, planned.stderr).toBe(0);
    expect(findLeaks()).toEqual([]);
  });

  it('stand in no store of a controller that was killed', async () => {
    await bde.run(world, [...CREATE, specFile()], { BDE_FAULT: 'kill@run:safe-v-0:vault:after' });

    expect(findLeaks()).toEqual([]);
  });

  it('given on the command line are kept by name alone', async () => {
    writeSpec('another one than the one given');

    const created = await run(...CREATE, specFile(), '--set', `configuration.vault.password=${CLUSTER_SECRET}`);

    expect(created.exitCode, created.stderr).toBe(0);
    expect(findLeaks()).toEqual([]);
  });
});
