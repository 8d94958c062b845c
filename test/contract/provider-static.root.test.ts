import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from '../../src/engine/ports/guard.js';
import type { CreateMachine } from '../../src/engine/ports/provider.js';
import { aCreation } from './provider-requests.js';
import { describeProvider } from './provider.contract.js';
import { makeStaticHosts, makeStaticWorld, openStatic, type StaticHosts, type StaticWorld } from './static-world.js';

let hosts: StaticHosts;
beforeAll(async () => {
  hosts = await makeStaticHosts();
});
afterAll(() => hosts.remove());

describeProvider('static', () => Promise.resolve(makeStaticWorld(hosts)));

const free: Guard = () => Promise.resolve();

describe('provider static, on its hosts', () => {
  let world: StaticWorld;
  beforeEach(() => {
    world = makeStaticWorld(hosts);
  });
  afterEach(() => world.dispose());

  /** What a leased machine is told. */
  function request(): CreateMachine {
    const plain = aCreation(world.creation);
    const guestData = {
      ...plain.guestData,
      caCertificates: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
      packageKeys: { 'RPM-GPG-KEY-bde': 'a key' },
    };
    return { ...plain, guestData };
  }

  const state = (): Promise<string> =>
    world.onHost(
      world.creation.address,
      'hostname; cat /etc/hostname /root/.ssh/authorized_keys /etc/hosts; ls -A /etc/bde /etc/pki/rpm-gpg /var/lib; ls -l /root/.ssh',
    );

  it('leaves a host as it found it, once it has given it back', async () => {
    const { provider } = world.subject;
    await world.onHost(world.creation.address, 'mkdir -p /etc/pki/rpm-gpg');
    const before = await state();

    await provider.create(request(), free);
    const leased = await state();
    await world.onHost(world.creation.address, 'mkdir -p /var/lib/bde/runs/x');
    await provider.destroy(request().mark.machineId, free);

    expect(leased).toContain('shop-worker-0');
    expect(leased).toMatch(/cluster bde-lease-01ARZ3NDEKTSV4RRFFQ69G5FA1\n/);
    expect(leased).toMatch(/\nca\.pem\nlease\n[^]*RPM-GPG-KEY-bde\n/);
    expect(withoutTimes(await state())).toBe(withoutTimes(before));
  });

  it('lets nobody else lease a host, and gives back no lease of others', async () => {
    const other = openStatic(world.location, 'ffff0002').provider;
    const { mark } = request();
    await world.subject.provider.create(request(), free);

    const refused = other.create(request(), free);

    await expect(refused).rejects.toMatchObject({
      code: 'PROVIDER_FAILED',
      message: `The host ${world.creation.address} is leased to shop-worker-0 of shop (home ffff0001).`,
    });
    await other.destroy(mark.machineId, free);
    expect(await other.list()).toEqual([]);
    expect((await other.inventory()).hosts.map(({ closed }) => closed ?? 'free')).toEqual([
      'leased to shop-worker-0 of shop',
      'free',
    ]);
    expect(await world.subject.provider.list()).toHaveLength(1);
    await world.subject.provider.destroy(mark.machineId, free);
  });

  it('knows its leases by the hosts when its own records are lost', async () => {
    const { mark } = await world.subject.provider.create(request(), free);
    await rm(join(world.location.home, 'leases-ffff0001'), { recursive: true });

    expect((await world.subject.provider.list()).map(({ state: is }) => is)).toEqual(['on']);
    await world.subject.provider.destroy(mark.machineId, free);
    expect(await world.subject.provider.list()).toEqual([]);
  });

  it('counts a host that does not answer neither as gone nor as free', async () => {
    const { mark } = await world.subject.provider.create(request(), free);
    const silent = world.location.hosts.map((host) => ({ ...host, port: 1 }));
    await writeFile(
      join(world.location.home, '.ssh/known_hosts2'),
      silent.map(({ address }) => `[${address}]:1 ${world.creation.hostKey.publicOpenSsh}\n`).join(''),
    );
    const unreached = openStatic({ ...world.location, hosts: silent }).provider;

    const [listed] = await unreached.list();
    const inventory = await unreached.inventory();

    expect(listed).toMatchObject({ mark, state: 'off' });
    expect(inventory.hosts.map(({ memoryFreeMiB, closed }) => [memoryFreeMiB, closed?.slice(0, 9)])).toEqual([
      [0, 'The host '],
      [0, 'The host '],
    ]);
    await expect(unreached.destroy(mark.machineId, free)).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });
    await world.subject.provider.destroy(mark.machineId, free);
  });

  it('leases no host that is not in the site file', async () => {
    const asked = world.subject.provider.create(aCreation({ ...world.creation, address: '10.0.0.99' }), free);

    await expect(asked).rejects.toMatchObject({
      code: 'PROVIDER_FAILED',
      message: expect.stringContaining('has the address 10.0.0.99 of shop-worker-0') as string,
    });
  });

  it('tells how a machine is logged in to with the cluster key, without the keys of the operator', async () => {
    expect(await world.subject.access?.accessTo(world.creation.address)).toEqual({
      address: world.creation.address,
      port: 22,
      user: 'root',
      hostKey: world.creation.hostKey.publicOpenSsh.split(' ').slice(0, 2).join(' '),
      knownFrom: join(world.location.home, '.ssh/known_hosts'),
    });
  });
});

function withoutTimes(text: string): string {
  return text.replace(/ [A-Z][a-z]{2} +\d+ +\d\d:\d\d /g, ' ').replace(/^total .*$/gm, '');
}
