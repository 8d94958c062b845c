import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_SENTINEL } from '../../fakes/plain-certifier.js';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from './memory-bde.js';
import { openStoredSecret, VAULT, vaultSpec } from './vault-cookbook.js';

const CLUSTER_SECRET = 'sentinel-of-the-cluster-8143';
const GROUP_SECRET = 'sentinel-of-the-group-5520';
const NEW_SECRET = 'sentinel-of-the-new-one-3906';
const SECRETS = [CLUSTER_SECRET, GROUP_SECRET, NEW_SECRET, KEY_SENTINEL];
const KEY = 'generated.vault.key';

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

/** Holds a value that a secret is set to. */
function newFile(): string {
  return join(world.dir, 'new-value');
}

function writeSpec(password: string): void {
  writeFileSync(specFile(), vaultSpec({ password, token: GROUP_SECRET }));
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

/** Everything that shows something of a cluster. */
async function showAll(): Promise<void> {
  for (const shown of ['show', 'logs', 'events']) await run('cluster', shown, 'safe', '--json');
  await run('cluster', 'converge', 'safe', '--check', '--diff', '--json');
  await run('config', 'explain', 'safe', 'vault', '--json');
  await run('secret', 'list', 'safe', '--json');
  const { operations } = JSON.parse((await run('operation', 'list', '--json')).stdout) as {
    operations: { id: string }[];
  };
  for (const { id } of operations) await run('operation', 'show', id, '--json');
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
function findLeaks(secrets: readonly string[] = SECRETS): readonly string[] {
  const own = [specFile(), newFile(), join(world.world, 'outcomes.json')];
  const files = readdirSync(world.dir, { recursive: true, encoding: 'utf8' })
    .map((path) => join(world.dir, path))
    .filter((path) => statSync(path).isFile() && !own.includes(path) && !/\/nodes\/[^/]+\/runs\//.test(path));
  const texts = [
    ...outputs.map((text) => ({ where: `output ${text.slice(0, 200)}`, text })),
    ...files.map((path) => ({ where: path, text: readFileSync(path, 'latin1') })),
  ];
  return texts.filter(({ text }) => secrets.some((secret) => text.includes(secret))).map(({ where }) => where);
}

const CREATE = ['cluster', 'create', 'safe', '--json', '--spec'];

describe('secret attributes', () => {
  it('stand in no output, store, blob, plan or event of a cluster that uses them', async () => {
    letNodesTell(0);

    const created = await run(...CREATE, specFile(), '--debug');
    await showAll();

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

describe('secret attributes that change', () => {
  beforeEach(async () => {
    letNodesTell(0);
    const created = await run(...CREATE, specFile());
    expect(created.exitCode, created.stderr).toBe(0);
    writeFileSync(newFile(), `${NEW_SECRET}\n`);
  });

  it('stand nowhere, neither as they were nor as they are', async () => {
    const oldKey = await openStoredSecret(world, 'safe', KEY);
    const set = ['secret', 'set', 'safe', 'vault.password', '--file', newFile(), '--debug'];

    await run(...set, '--plan', '--json');
    const changed = await run(...set, '--json');
    await run('secret', 'rotate', 'safe', 'vault.key', '--plan');
    const rotated = await run('secret', 'rotate', 'safe', '--all', '--json', '--debug');
    await showAll();

    expect([changed.exitCode, rotated.exitCode], changed.stderr + rotated.stderr).toEqual([0, 0]);
    const newKey = await openStoredSecret(world, 'safe', KEY);
    expect(newKey).not.toBe(oldKey);
    expect(await openStoredSecret(world, 'safe', 'cluster.vault.password')).toBe(NEW_SECRET);
    expect(findLeaks([...SECRETS, oldKey, newKey])).toEqual([]);
  });

  it('stand in no message of a node that still has the old value', async () => {
    await run('secret', 'set', 'safe', 'vault.password', '--file', newFile(), '--json');
    letNodesTell(3);

    const rotated = await run('secret', 'rotate', 'safe', '--all', '--json', '--debug');

    expect(rotated.exitCode).toBe(7);
    expect(rotated.stdout).toContain('was [secret]');
    expect(findLeaks()).toEqual([]);
  });

  it('stand in no store of a controller that was killed while it changed them', async () => {
    const argv = ['secret', 'set', 'safe', 'vault.password', '--file', newFile()];
    const killed = await bde.run(world, argv, { BDE_FAULT: 'kill@run:safe-v-0:vault:after' });

    expect(killed.signal, killed.stderr).toBe('SIGKILL');
    expect(findLeaks()).toEqual([]);
  });

  it('stand in no refusal, be it of a value, a file or a command line', async () => {
    writeFileSync(newFile(), 'too-short');
    const refused = [
      await run('secret', 'set', 'safe', 'vault.password', '--file', newFile()),
      await run('secret', 'set', 'safe', 'vault.password', NEW_SECRET),
      await run('secret', 'set', 'safe', 'vault.password', `--value=${NEW_SECRET}`),
      await run('cluster', 'config', 'safe', '--set', 'configuration.vault.password=too-short'),
    ];

    expect(refused.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 3]);
    expect(findLeaks([...SECRETS, 'too-short'])).toEqual([]);
  });
});
