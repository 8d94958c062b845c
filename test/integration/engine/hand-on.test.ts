import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildMemoryBde, type MemoryBde } from './memory-bde.js';
import { SavedWorld } from './saved-world.js';

let bde: MemoryBde;
let world: SavedWorld;

beforeAll(async () => {
  bde = await buildMemoryBde();
  world = await SavedWorld.make(bde, 1);
});

afterAll(() => bde.remove());

function inWorld(name: string): string {
  return join(world.paths.dir, name);
}

async function exported(format: string): Promise<string> {
  return (await world.run(['cluster', 'export', 'zk', '--format', format])).stdout;
}

describe('an exported cluster', () => {
  beforeAll(() => void world.fresh());

  it('is a spec that changes nothing, with the name and distro that it has', async () => {
    await world.run(['cluster', 'export', 'zk', '--format', 'spec', '--out', inWorld('zk.json')]);

    const spec = JSON.parse(readFileSync(inWorld('zk.json'), 'utf8')) as Record<string, unknown>;
    const argv = ['cluster', 'apply', 'zk', '--spec', inWorld('zk.json'), '--refresh', 'nodes', '--plan'];

    expect(spec).toMatchObject({ apiVersion: 'bde/v2', name: 'zk' });
    expect(spec['distro']).toMatch(/^\w+@/);
    await world.run([...argv, '--detailed-exitcode']);
    await world.run([...argv, '--detailed-exitcode', '--set', 'nodeGroups.zookeeper.instanceNum=3'], 10);
  });

  it('is a configuration that ssh reads, with the key in a file that nobody else reads', async () => {
    writeFileSync(inWorld('ssh'), await exported('ssh-config'));

    const read = execFileSync('ssh', ['-G', '-F', inWorld('ssh'), 'zk-zookeeper-0'], { encoding: 'utf8' });

    const folder = join(world.paths.home, 'ssh', 'zk');
    expect(read).toContain(`identityfile ${join(folder, 'key')}\n`);
    expect(read).toContain(`userknownhostsfile ${join(folder, 'known_hosts')}\n`);
    expect(read).toContain('stricthostkeychecking true\n');
    expect(readFileSync(join(folder, 'known_hosts'), 'utf8')).toMatch(/^zk-zookeeper-0,10\.64\.0\.\d+ ssh-ed25519 /);
    expect(execFileSync('stat', ['-c', '%a', join(folder, 'key')], { encoding: 'utf8' })).toBe('600\n');
  });

  it('is an inventory, lines of hosts and racks, and all of it as JSON, without its key', async () => {
    const [ansible, hosts, rack, json] = await Promise.all(['ansible', 'hosts', 'rack', 'json'].map(exported));

    expect(parse(ansible ?? '')).toMatchObject({
      all: { children: { role_zookeeper: { hosts: { 'zk-zookeeper-0': {} } } } },
    });
    expect(hosts).toMatch(/^# bde cluster zk\n10\.64\.0\.\d+ zk-zookeeper-0\n$/);
    expect(rack).toMatch(/^default-rack: memory$/m);
    expect(JSON.parse(json ?? '')).toMatchObject({ name: 'zk', nodes: [{ name: 'zk-zookeeper-0', power: 'on' }] });
    expect([ansible, hosts, rack, json].join('')).not.toContain('PRIVATE KEY');
  });
});

describe('a backup of the state', () => {
  it('brings the home back, with nothing to do, and is no plain text', async () => {
    world.fresh();
    await world.run(['state', 'backup', inWorld('backup'), '--json']);
    const known = await world.run(['cluster', 'show', 'zk', '--json']);
    rmSync(world.paths.home, { recursive: true });

    await world.run(['state', 'restore', inWorld('backup'), '--json']);

    expect((await world.run(['cluster', 'show', 'zk', '--json'])).stdout).toBe(known.stdout);
    expect(await world.stepsOf('nodes', 1)).toEqual([]);
    const text = readFileSync(inWorld('backup')).toString('latin1');
    expect(text).not.toContain('SQLite format');
    expect(text).not.toContain('zk-zookeeper-0');
  });
});
