import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Guard } from '../../src/engine/ports/guard.js';
import type { CreateMachine, Provider } from '../../src/engine/ports/provider.js';
import { makeLocalWorld, nextAddress, type LocalWorld } from '../contract/local-world.js';
import { aCreation, type CreationInput } from '../contract/provider-requests.js';

const exec = promisify(execFile);
const free: Guard = () => Promise.resolve();

describe('a local machine', () => {
  let world: LocalWorld;
  let provider: Provider;
  let address: string;
  beforeEach(async () => {
    world = await makeLocalWorld();
    provider = world.subject.provider;
    address = world.creation.address;
  });
  afterEach(() => world.dispose());

  const creation = (change: Partial<CreationInput> = {}): CreateMachine => aCreation({ ...world.creation, ...change });
  const create = async (change: Partial<CreationInput> = {}): Promise<CreateMachine> => {
    const request = creation(change);
    await provider.create(request, free);
    return request;
  };
  const upper = (path: string): string =>
    join(world.dataRoot, world.homeKey, 'machines', creation().mark.machineId, 'u', path);

  it('answers to the pinned host key under its own name', async () => {
    await create();

    const said = await world.ssh(address, 'hostname; cat /etc/machine-id; tail -n 1 /etc/hosts');

    expect(said).toBe(`shop-worker-0\n0c4779746e8772d7d853d2a4b6434b1b\n${address} shop-worker-0\n`);
  });

  it('comes up whole, with nothing that failed', async () => {
    await create();

    const said = await world.ssh(address, 'systemctl is-system-running --wait; systemctl --failed --plain --no-legend');

    expect(said).toBe('running\n');
  });

  it('shows another host key when somebody swapped it before the first boot', async () => {
    await exec('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(world.dataRoot, 'evil')]);
    const request = creation();
    await expect(provider.create(request, refusingOnceStarting())).rejects.toThrow('before the boot');
    await writeFile(upper('etc/bde/guest/host-key'), await readFile(join(world.dataRoot, 'evil')), { mode: 0o600 });
    await provider.power(request.mark.machineId, 'on', free);

    const asked = world.ssh(address, 'true');

    await expect(asked).rejects.toMatchObject({ stderr: expect.stringContaining('verification failed') as string });
  });

  it('keeps no trace of the guest data channel', async () => {
    await create();

    const said = await world.ssh(address, 'ls /etc/bde');

    expect(said).toBe('network.batch\n');
    await expect(readFile(upper('etc/bde/guest/host-key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('has its data disks mounted and its limits set', async () => {
    await create({ dataDisksGiB: [1, 2], swapMiB: 64 });

    const said = await world.ssh(
      address,
      'cd /; df --output=target,size -BG data/0 data/1 | tail -n 2; touch data/1/x',
    );

    expect(said.split(/\s+/).filter(Boolean)).toEqual(['/data/0', '1G', '/data/1', '2G']);
    expect(await limits(world.homeKey, creation().mark.machineId)).toEqual(['100000', '536870912']);
  });

  it('keeps its files, disks and identity over a power cycle', async () => {
    const { mark } = await create({ dataDisksGiB: [1] });
    await world.ssh(address, 'echo kept >/root/kept; echo kept >/data/0/kept; sync');

    await provider.power(mark.machineId, 'off', free);
    await provider.power(mark.machineId, 'on', free);

    expect(await world.ssh(address, 'cat /root/kept /data/0/kept; hostname')).toBe('kept\nkept\nshop-worker-0\n');
  });

  it('hands what is on its data disks to the next one, also where its own record is lost', async () => {
    const { mark } = await create({ dataDisksGiB: [1] });
    await world.ssh(address, 'echo kept >/data/0/kept; sync');
    await provider.power(mark.machineId, 'kill', free);
    await rm(join(world.dataRoot, world.homeKey, 'machines', mark.machineId, 'mark.json'));

    const readable = await world.subject.disks?.readable([mark.machineId]);
    await create({ id: 'A2', generation: 2, dataDisksGiB: [1], disksFrom: ['A1'] });
    await provider.destroy(mark.machineId, free);

    expect(readable).toEqual(new Map([[mark.machineId, [0]]]));
    expect(await world.ssh(address, 'cat /data/0/kept; ls /root')).toBe('kept\n');
    expect((await provider.list()).map(({ mark: { generation } }) => generation)).toEqual([2]);
  });

  it('has no readable data disk where its file system is gone', async () => {
    const { mark } = await create({ dataDisksGiB: [1] });
    await provider.power(mark.machineId, 'kill', free);
    const disk = join(world.dataRoot, world.homeKey, 'machines', mark.machineId, 'disks/data-0.img');
    await writeFile(disk, Buffer.alloc(4096));

    expect(await world.subject.disks?.readable([mark.machineId])).toEqual(new Map([[mark.machineId, []]]));
  });

  it('reboots from inside', async () => {
    await create();
    const bootId = 'cat /run/boot-marker 2>/dev/null || echo fresh';
    await world.ssh(address, 'touch /run/boot-marker; systemctl --no-block reboot');

    await expect.poll(() => world.ssh(address, bootId), { timeout: 30_000 }).toBe('fresh\n');

    expect((await provider.list()).map(({ state }) => state)).toEqual(['on']);
  });

  it('is off once it was shut down from inside', async () => {
    await create();
    await world.ssh(address, 'systemctl --no-block poweroff');

    await expect.poll(async () => (await provider.list())[0]?.state, { timeout: 30_000 }).toBe('off');
  });

  it('reaches its neighbours and the host and nothing else', async () => {
    const neighbour = nextAddress(address);
    await create();
    await create({ id: 'B1', node: 'shop-worker-1', address: neighbour });
    await world.ssh(neighbour, 'true');

    const said = await world.ssh(
      address,
      `ip route show default; ping -c 1 -W 2 ${neighbour} >/dev/null && echo neighbour;
       ping -c 1 -W 2 ${world.network.hostAddress} >/dev/null && echo host;
       ip route add 198.51.100.0/24 via ${world.network.hostAddress}; ping -c 1 -W 1 198.51.100.1 >/dev/null || echo closed`,
    );

    expect(said).toBe('neighbour\nhost\nclosed\n');
  });

  it('installs nothing from anywhere by itself', async () => {
    await create();

    const said = await world.ssh(address, 'rpm -qa; dnf -q repolist; ls /etc/apt/sources.list* /etc/yum.repos.d');

    expect(said.split('\n')[0]).toMatch(/^bde-base-12-1/);
    expect(said).not.toMatch(/\.list$|\.repo$|\.sources$/m);
  });

  it('stays on when its supervisor is killed, and can be switched off', async () => {
    const { mark } = await create();
    const watch = join('/sys/fs/cgroup', await unifiedFolder(), `bde-${world.homeKey}`, mark.machineId, 'watch');
    for (const pid of (await readFile(join(watch, 'cgroup.procs'), 'utf8')).split('\n').filter(Boolean)) {
      process.kill(Number(pid), 'SIGKILL');
    }

    const before = await world.ssh(address, 'hostname');
    await provider.power(mark.machineId, 'off', free);

    expect(before).toBe('shop-worker-0\n');
    expect((await provider.list()).map(({ state }) => state)).toEqual(['off']);
  });

  it('shows its console', async () => {
    const { mark } = await create();
    await world.ssh(address, 'systemctl is-system-running --wait');

    const text = await world.subject.console?.consoleText(mark.machineId, 3);

    expect(text).toContain('Reached target');
  });

  it('comes in twenties', async () => {
    const addresses = Array.from({ length: 20 }, (_, index) => nextAddress(address, index));

    const made = await Promise.all(
      addresses.map((own, index) =>
        create({ id: `N${index.toString(36).toUpperCase()}`, node: `shop-n-${index}`, address: own }),
      ),
    );
    const names = await Promise.all(addresses.map((own) => world.ssh(own, 'hostname')));

    expect(made).toHaveLength(20);
    expect(names.map((name) => name.trim())).toEqual(addresses.map((_, index) => `shop-n-${index}`));
    expect((await provider.list()).filter(({ state }) => state === 'on')).toHaveLength(20);
  });
});

/** A guard that refuses the third call of a creation: record and guest data are written, and nothing runs. */
function refusingOnceStarting(): Guard {
  let calls = 0;
  return () => {
    calls += 1;
    return calls === 3 ? Promise.reject(new Error('before the boot')) : Promise.resolve();
  };
}

async function unifiedFolder(): Promise<string> {
  return (await readFile('/proc/self/mountinfo', 'utf8')).includes('/sys/fs/cgroup/unified ') ? 'unified' : '';
}

/** CPU quota and memory limit, wherever this host has its controllers. */
async function limits(homeKey: string, machineId: string): Promise<readonly string[]> {
  const { stdout } = await exec('sh', [
    '-c',
    'cd /sys/fs/cgroup; cat cpu*/$1/$2/cpu.cfs_quota_us $1/$2/node/cpu.max memory/$1/$2/memory.limit_in_bytes $1/$2/node/memory.max 2>/dev/null | cut -d" " -f1',
    'limits',
    `bde-${homeKey}`,
    machineId,
  ]).catch((error: unknown) => error as { stdout: string });
  return stdout.split('\n').filter(Boolean);
}
