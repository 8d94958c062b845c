import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from '../engine/memory-bde.js';
import { loadJsonSchemas } from './json-schemas.js';

const REPOS = {
  java: { packages: ['java-17-openjdk-headless'] },
  zookeeper: { packages: ['zookeeper'], requires: ['java'] },
  mesos: { packages: ['mesos'], missing: ['mesos'], requires: ['zookeeper'] },
};

const misfits = loadJsonSchemas();
let bde: MemoryBde;
let world: MemoryWorldPaths;

beforeAll(async () => {
  bde = await buildMemoryBde();
  world = bde.newWorld(REPOS);
});

afterAll(() => bde.remove());

async function run(...argv: string[]): Promise<Ended> {
  return bde.run(world, argv);
}

/** What is wrong with the output of a command that has to end with this code. */
async function check(definition: string, argv: readonly string[], exitCode = 0): Promise<readonly string[]> {
  const ended = await run(...argv);
  if (ended.exitCode !== exitCode) return [`ended with ${String(ended.exitCode)}: ${ended.stdout}${ended.stderr}`];
  return misfits(definition, ended.stdout);
}

describe('what a cluster command prints with --json', () => {
  it('fits its schema, from plan to deletion', async () => {
    const create = ['cluster', 'create', 'z1', '--spec', 'bare/basic', '--json'];

    expect(await check('cluster#create', [...create, '--plan', '--detailed-exitcode'], 10)).toEqual([]);
    expect(await check('cluster#create', create)).toEqual([]);
    expect(await check('cluster#list', ['cluster', 'list', '--json'])).toEqual([]);
    expect(await check('cluster#show', ['cluster', 'show', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#converge', ['cluster', 'converge', 'z1', '--plan', '--json'])).toEqual([]);
    expect(await check('cluster#converge', ['cluster', 'converge', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#drift', ['cluster', 'drift', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#drift', ['cluster', 'drift', 'z1', '--print-timer', '--json'])).toEqual([]);
    expect(await check('cluster#resume', ['cluster', 'resume', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#status', ['cluster', 'status', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#trust', ['cluster', 'trust', 'z1', '--json'])).toEqual([]);
    const rotate = ['cluster', 'rotate-certs', 'z1', '--json'];
    expect(await check('cluster#rotate-certs', [...rotate, '--ca', '--plan'])).toEqual([]);
    expect(await check('cluster#rotate-certs', rotate)).toEqual([]);
    expect(await check('cluster#verify', ['cluster', 'verify', 'z1', '--json'])).toEqual([]);
    const resize = ['cluster', 'resize', 'z1', '--group', 'node', '--count', '2', '--yes', '--json'];
    expect(await check('cluster#resize', [...resize, '--plan'])).toEqual([]);
    expect(await check('cluster#resize', resize)).toEqual([]);
    expect(await check('cluster#resize', resize)).toEqual([]);
    const apply = ['cluster', 'apply', 'z1', '--spec', 'bare/basic', '--json'];
    expect(await check('cluster#apply', [...apply, '--plan', '--refresh', 'nodes'])).toEqual([]);
    expect(await check('cluster#apply', apply)).toEqual([]);
    expect(await check('cluster#config', ['cluster', 'config', 'z1', '--plan', '--json'])).toEqual([]);
    expect(await check('cluster#restart', ['cluster', 'restart', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#stop', ['cluster', 'stop', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#start', ['cluster', 'start', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#fix', ['cluster', 'fix', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#upgrade', ['cluster', 'upgrade', 'z1', '--rollback', '--plan', '--json'])).toEqual([]);
    expect(await check('cluster#protect', ['cluster', 'protect', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#unprotect', ['cluster', 'unprotect', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#cancel', ['cluster', 'cancel', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#unlock', ['cluster', 'unlock', 'z1', '--yes', '--json'])).toEqual([]);
    expect(await check('cluster#events', ['cluster', 'events', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#logs', ['cluster', 'logs', 'z1', '--json'])).toEqual([]);
    expect(await check('cluster#exec', ['cluster', 'exec', 'z1', '--json', '--', 'uptime'])).toEqual([]);
    expect(await check('config#explain', ['config', 'explain', 'z1', 'base', '--json'])).toEqual([]);
    expect(await check('operation#list', ['operation', 'list', '--json'])).toEqual([]);
    expect(await check('operation#show', ['operation', 'show', await lastOperation(), '--json'])).toEqual([]);
    expect(await check('bde#doctor', ['doctor', '--json'])).toEqual([]);
    expect(await check('cluster#delete', ['cluster', 'delete', 'z1', '--plan', '--json'])).toEqual([]);
    expect(await check('cluster#delete', ['cluster', 'delete', 'z1', '--yes', '--json'])).toEqual([]);
  });

  it('fits its schema where data is taken and put back', async () => {
    await run('cluster', 'create', 'z5', '--spec', 'zookeeper/basic', '--set', 'nodeGroups.zookeeper.instanceNum=1');

    expect(await check('cluster#backup', ['cluster', 'backup', 'z5', '--plan', '--json'])).toEqual([]);
    expect(await check('cluster#backup', ['cluster', 'backup', 'z5', '--json'])).toEqual([]);
    expect(await check('cluster#backups', ['cluster', 'backups', '--json'])).toEqual([]);
    expect(await check('cluster#restore', ['cluster', 'restore', 'z5', '--plan', '--json'])).toEqual([]);
    expect(await check('common#error', ['cluster', 'restore', 'z5', '--json'], 2)).toEqual([]);
    expect(await check('cluster#restore', ['cluster', 'restore', 'z5', '--yes', '--json'])).toEqual([]);
    expect(await check('cluster#delete', ['cluster', 'delete', 'z5', '--yes', '--json'])).toEqual([]);
  });

  it('fits its schema where a home is lost and brought back', async () => {
    const backup = join(world.dir, 'backup');
    await run('cluster', 'create', 'z4', '--spec', 'bare/basic', '--set', 'nodeGroups.node.instanceNum=1');

    expect(await check('cluster#export', ['cluster', 'export', 'z4', '--format', 'rack', '--json'])).toEqual([]);
    expect(await check('state#backup', ['state', 'backup', backup, '--json'])).toEqual([]);
    expect(await check('state#restore', ['state', 'restore', backup, '--force', '--json'])).toEqual([]);
    rmSync(world.home, { recursive: true });
    expect(await check('cluster#import', ['cluster', 'import', '--plan', '--json'])).toEqual([]);
    expect(await check('cluster#import', ['cluster', 'import', '--json'])).toEqual([]);
    expect(await check('cluster#delete', ['cluster', 'delete', 'z4', '--yes', '--json'])).toEqual([]);
  });

  async function lastOperation(): Promise<string> {
    const { operations } = JSON.parse((await run('operation', 'list', '--json')).stdout) as {
      operations: { id: string }[];
    };
    return operations[0]!.id;
  }
});

describe('what any other command prints with --json', () => {
  it.each([
    ['bde#completion', ['completion', 'bash']],
    ['bde#doctor', ['doctor']],
    ['cookbook#docs', ['cookbook', 'docs', 'zookeeper']],
    ['cookbook#lint', ['cookbook', 'lint']],
    ['cookbook#list', ['cookbook', 'list']],
    ['cookbook#test', ['cookbook', 'test', 'base']],
    ['distro#list', ['distro', 'list']],
    ['distro#show', ['distro', 'show', 'mesos']],
    ['distro#validate', ['distro', 'validate']],
    ['provider#list', ['provider', 'list']],
    ['provider#check', ['provider', 'check']],
    ['repo#list', ['repo', 'list']],
    ['repo#build', ['repo', 'build', 'zookeeper']],
    ['repo#build', ['repo', 'build', 'mesos', '--rehearse']],
    ['repo#serve', ['repo', 'serve', '--detach']],
    ['repo#list', ['repo', 'list']],
    ['repo#stop', ['repo', 'stop']],
    ['repo#stop', ['repo', 'stop']],
    ['spec#init', ['spec', 'init']],
    ['spec#list', ['spec', 'list']],
    ['spec#schema', ['spec', 'schema']],
    ['spec#schema', ['spec', 'schema', '--list']],
    ['spec#show', ['spec', 'show', 'mesos/basic']],
    ['spec#validate', ['spec', 'validate', 'mesos/basic', 'bare/basic']],
    ['template#build', ['template', 'build']],
    ['template#list', ['template', 'list']],
    ['template#delete', ['template', 'delete', 'debian-12', '--yes']],
  ])('fits %s after bde %j', async (definition, argv) => {
    expect(await check(definition, [...argv, '--json'])).toEqual([]);
  });

  it('fits cookbook#new after bde cookbook new', async () => {
    expect(await check('cookbook#new', ['cookbook', 'new', 'fresh', '--path', world.dir, '--json'])).toEqual([]);
  });

  it('is a verdict and code 3 for specs that do not hold', async () => {
    expect(await check('spec#validate', ['spec', 'validate', 'mesos/basic', 'no/such', '--json'], 3)).toEqual([]);
  });
});

describe('what fails with --json', () => {
  it.each([
    [2, ['cluster', 'show', 'none']],
    [2, ['cluster', 'lst']],
    [2, ['clustr', 'list']],
    [2, ['cluster', 'create', '--plann']],
    [2, ['cluster', 'create']],
    [2, ['cluster', 'list', 'extra']],
    [2, ['operation', 'show', 'none']],
    [2, ['repo', 'build', 'none']],
    [2, ['template', 'delete', 'none']],
    [2, ['provider', 'check', 'none']],
    [2, ['completion', 'ksh']],
    [2, ['cluster', 'drift', 'none']],
    [2, ['cookbook', 'docs', 'none']],
    [2, ['cookbook', 'test', 'none']],
    [3, ['cluster', 'create', '--spec', 'none/such']],
    [3, ['spec', 'show', 'none.json']],
    [3, ['distro', 'show', 'none']],
    [255, ['cluster', 'exec', 'none', '--', 'true']],
  ])('ends with %i and one error document after bde %j', async (exitCode, argv) => {
    const end = argv.indexOf('--');
    const withJson = end === -1 ? [...argv, '--json'] : [...argv.slice(0, end), '--json', ...argv.slice(end)];

    const ended = await run(...withJson);

    expect(misfits('common#error', ended.stdout)).toEqual([]);
    expect(ended).toMatchObject({ exitCode, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ exitCode });
  });
});
