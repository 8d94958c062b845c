import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Guard } from '../../src/engine/ports/guard.js';
import type { ClusterId } from '../../src/errors/ids.js';
import { createLocalProvider } from '../../src/providers/local/create-local-provider.js';
import { makeLocalWorld, nextAddress, type LocalWorld } from '../contract/local-world.js';
import { buildProviderChild, type ProviderChild } from '../contract/build-provider-child.js';
import type { ChildOrder } from '../contract/provider-child.js';
import { aCreation } from '../contract/provider-requests.js';

const exec = promisify(execFile);
const free: Guard = () => Promise.resolve();

describe('what the local provider leaves on the host', () => {
  let world: LocalWorld;
  let child: ProviderChild;
  beforeAll(async () => {
    child = await buildProviderChild();
  });
  afterAll(() => child.remove());
  beforeEach(async () => {
    world = await makeLocalWorld();
  });
  afterEach(() => world.dispose());

  it('is nothing after a machine was destroyed', async () => {
    const before = await traces(world);
    const request = aCreation({ ...world.creation, dataDisksGiB: [1], swapMiB: 16 });
    await world.subject.provider.create(request, free);
    await world.ssh(world.creation.address, 'touch /data/0/x');
    const during = await traces(world);

    await world.subject.provider.destroy(request.mark.machineId, free);

    expect(during).not.toEqual(before);
    expect(await traces(world)).toEqual(before);
  });

  it('is nothing of the bridge and its rules after the network was removed', async () => {
    await world.subject.network?.removeNetwork(free);

    const { links, tables, cgroups } = await traces(world);

    expect([links, tables, cgroups]).toEqual([[], [], []]);
  });

  it('is one whole machine or none, whenever the controller is killed', async () => {
    const before = await traces(world);
    const { program } = child;
    const request = aCreation(world.creation);
    const outcomes: string[] = [];

    for (const trace of ['', 'u/etc/bde/guest/host-name', 'supervise.sh', 'log', 'lock', 'base', 'm/etc', 'complete']) {
      const path = join(world.dataRoot, world.homeKey, 'machines', request.mark.machineId, trace);
      await killAtTrace(program, orderOf(world), path);
      const made = await world.subject.provider.create(request, free);
      outcomes.push(`${(await world.subject.provider.list()).length} ${made.state}`);
      await world.subject.provider.destroy(request.mark.machineId, free);
    }

    expect(new Set(outcomes)).toEqual(new Set(['1 on']));
    expect(await traces(world)).toEqual(before);
  });

  it('keeps running when its controller is gone', async () => {
    const { program } = child;
    const controller = spawn(process.execPath, [program, JSON.stringify(orderOf(world))], { stdio: 'ignore' });
    await once(controller, 'exit');

    const said = await world.ssh(world.creation.address, 'hostname');

    expect(said).toBe('shop-worker-0\n');
  });

  it('is known to a provider that was opened anew, without any other state', async () => {
    const request = aCreation(world.creation);
    await world.subject.provider.create(request, free);
    const anew = createLocalProvider({ homeKey: world.homeKey, dataRoot: world.dataRoot });

    const listed = await anew.provider.list(request.mark.clusterId);

    expect(listed.map(({ mark, state }) => [mark, state])).toEqual([[request.mark, 'on']]);
  });

  it('is found and removed when it belongs to no machine', async () => {
    const { orphans } = world.subject;
    const data = join(world.dataRoot, world.homeKey);
    const request = aCreation(world.creation);
    await world.subject.provider.create(request, free);
    await rm(join(data, 'machines', request.mark.machineId, 'mark.json'));
    await mkdir(join(data, 'by-hand'));
    await exec('mount', ['-t', 'tmpfs', 'tmpfs', join(data, 'by-hand')]);

    const found = await orphans?.listOrphans();
    await orphans?.removeOrphans(free);

    expect(found?.map((line) => line.split(' ')[0])).toEqual(['cgroup', 'network', 'mount', 'folder', 'bridge']);
    expect(await orphans?.listOrphans()).toEqual([]);
    expect(await readdir(join(data, 'machines'))).toEqual([]);
  });

  it('has no orphan while a machine is only half made', async () => {
    let calls = 0;
    const dying: Guard = () => ((calls += 1) === 4 ? Promise.reject(new Error('stop here')) : Promise.resolve());
    await expect(world.subject.provider.create(aCreation(world.creation), dying)).rejects.toThrow('stop here');

    expect(await world.subject.orphans?.listOrphans()).toEqual([]);
  });
});

describe('two homes on one host', () => {
  let one: LocalWorld;
  let two: LocalWorld;
  beforeEach(async () => {
    [one, two] = await Promise.all([makeLocalWorld(), makeLocalWorld()]);
  });
  afterEach(() => Promise.all([one.dispose(), two.dispose()]));

  it('do not meet', async () => {
    const requests = [one, two].map((world) => aCreation(world.creation));
    await Promise.all([one, two].map((world) => world.subject.provider.create(aCreation(world.creation), free)));
    const [a = '', b = ''] = await Promise.all(
      [one, two].map((world) => world.ssh(world.creation.address, 'hostname')),
    );

    const reached = await one.ssh(
      one.creation.address,
      `ping -c 1 -W 1 ${two.creation.address} >/dev/null || echo apart`,
    );
    await one.subject.provider.destroy(requests[0]?.mark.machineId ?? aCreation(one.creation).mark.machineId, free);
    await one.subject.orphans?.removeOrphans(free);

    expect([a, b, reached]).toEqual(['shop-worker-0\n', 'shop-worker-0\n', 'apart\n']);
    expect(one.network.cidr).not.toBe(two.network.cidr);
    expect((await two.subject.provider.list('C1' as ClusterId)).map(({ state }) => state)).toEqual(['on']);
    expect(await two.ssh(two.creation.address, 'hostname')).toBe('shop-worker-0\n');
  });
});

describe('addresses that are taken', () => {
  let world: LocalWorld;
  let holder: string;
  beforeEach(async () => {
    world = await makeLocalWorld();
    holder = `held${world.homeKey}`;
  });
  afterEach(async () => {
    await exec('ip', ['netns', 'delete', holder]).catch(() => undefined);
    await world.dispose();
  });

  const foreign = async (): Promise<readonly string[]> =>
    (await world.subject.provider.inventory()).networks[0]?.foreignAddresses ?? [];

  it('are none while only machines are on the bridge', async () => {
    await world.subject.provider.create(aCreation(world.creation), free);

    expect(await foreign()).toEqual([]);
  });

  it('are told when the host has one', async () => {
    const taken = nextAddress(world.creation.address, 5);
    await exec('ip', ['address', 'add', `${taken}/24`, 'dev', world.network.name]);

    expect(await foreign()).toEqual([taken]);
  });

  it('are told when somebody on the bridge answers', async () => {
    const taken = nextAddress(world.creation.address, 7);
    await world.subject.provider.create(aCreation(world.creation), free);
    await exec('ip', ['netns', 'add', holder]);
    await exec('ip', ['link', 'add', `x${world.homeKey}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', holder]);
    await exec('ip', ['link', 'set', `x${world.homeKey}`, 'master', world.network.name, 'up']);
    await exec('ip', ['-netns', holder, 'address', 'add', `${taken}/24`, 'dev', 'eth0']);
    await exec('ip', ['-netns', holder, 'link', 'set', 'eth0', 'up']);

    await expect.poll(foreign, { timeout: 10_000 }).toEqual([taken]);
  });
});

interface Traces {
  readonly mounts: readonly string[];
  readonly links: readonly string[];
  readonly cgroups: readonly string[];
  readonly loops: readonly string[];
  readonly tables: readonly string[];
  readonly processes: readonly string[];
  readonly folders: readonly string[];
}

/** What carries the world's home key or lies in its folder. */
async function traces({ homeKey, dataRoot }: LocalWorld): Promise<Traces> {
  const lines = async (argv: readonly [string, ...string[]], pattern: string): Promise<readonly string[]> => {
    const { stdout } = await exec(argv[0], argv.slice(1));
    return stdout.split('\n').filter((line) => line.includes(pattern));
  };
  const processes = await lines(['ps', '-eo', 'args'], homeKey);
  return {
    mounts: (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').filter((line) => line.includes(dataRoot)),
    links: (await readdir('/sys/class/net')).filter((link) => link.includes(homeKey)),
    cgroups: await lines(['find', '/sys/fs/cgroup', '-mindepth', '2', '-type', 'd'], `/bde-${homeKey}/`),
    // The template's loop device goes a moment after its last mount.
    loops: await lines(
      ['losetup', '--list', '--noheadings', '--output', 'BACK-FILE'],
      join(dataRoot, homeKey, 'machines'),
    ),
    tables: await lines(['nft', 'list', 'tables'], homeKey),
    processes: processes.filter((line) => /nspawn|supervise/.test(line)),
    folders: await readdir(join(dataRoot, homeKey, 'machines')).catch(() => []),
  };
}

function orderOf(world: LocalWorld): ChildOrder {
  return { provider: world.location, verb: 'create', creation: world.creation, killAtGuard: 0 };
}

/** Kills the child as soon as that path is there, or lets it end. */
async function killAtTrace(program: string, order: ChildOrder, path: string): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const isDue = (): boolean => existsSync(path) || child.exitCode !== null;
  await expect.poll(isDue, { interval: 1, timeout: 30_000 }).toBe(true);
  child.kill('SIGKILL');
  await ended;
}
