import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Guard } from '../../src/engine/ports/guard.js';
import type { ProviderWithAbilities } from '../../src/engine/ports/provider.js';
import type { Digest } from '../../src/errors/ids.js';
import { createStaticProvider } from '../../src/providers/static/create-static-provider.js';
import type { StaticHost } from '../../src/engine/ports/static-host.js';
import { createSshRoutes } from '../../src/ssh/config/create-ssh-routes.js';
import { createSshNodes } from '../../src/ssh/create-ssh-nodes.js';
import { generateKeyPair } from '../../src/ssh/generate-key-pair.js';
import { makeLocalWorld, nextAddress, type LocalWorld } from './local-world.js';
import { wallClock } from './nodes-ssh-fixture.js';
import { aCreation } from './provider-requests.js';
import type { ProviderUnderTest } from './provider.contract.js';

const free: Guard = () => Promise.resolve();

/** How a process of its own opens a static provider. */
export interface StaticLocation {
  readonly kind: 'static';
  /** Holds `.ssh` of whoever leases, and the records. */
  readonly home: string;
  readonly hosts: readonly StaticHost[];
}

export function openStatic({ home, hosts }: StaticLocation, homeKey = 'ffff0001'): ProviderWithAbilities {
  // A host that answers does so within a blink here.
  return createStaticProvider({
    name: 'metal',
    homeKey,
    folder: join(home, `leases-${homeKey}`),
    hosts,
    network: { cidr: '10.0.0.0/8', mirrorAddress: '10.0.0.1' },
    nodes: createSshNodes({ clock: wallClock }),
    routes: createSshRoutes({ home, userName: 'root', agentSocket: undefined, systemFolder: join(home, 'etc') }),
    ensureTemplate: (recipe) =>
      Promise.resolve({ name: recipe.name, digest: '0'.repeat(64) as Digest, sizeMiB: 0, createdAt: 0 }),
    connectMs: 3_000,
  });
}

/** Machines that are there: two of a local world, and the `.ssh` of somebody who knows their host keys. */
export interface StaticHosts {
  readonly local: LocalWorld;
  readonly location: StaticLocation;
  remove(): Promise<void>;
}

/** A static provider over them. */
export interface StaticWorld extends ProviderUnderTest {
  readonly location: StaticLocation;
  /** What a command prints on a host, as root. */
  onHost(address: string, command: string): Promise<string>;
}

export async function makeStaticHosts(): Promise<StaticHosts> {
  const local = await makeLocalWorld();
  const home = await mkdtemp(join(tmpdir(), 'bde-static-'));
  const addresses = [local.creation.address, nextAddress(local.creation.address)];
  const operator = generateKeyPair('operator');
  await mkdir(join(home, '.ssh'));
  await writeFile(join(home, '.ssh/id_ed25519'), operator.privateOpenSsh.reveal(), { mode: 0o600 });
  const known = addresses.map((address) => `${address} ${local.creation.hostKey.publicOpenSsh}\n`);
  await writeFile(join(home, '.ssh/known_hosts'), known.join(''));
  await Promise.all(
    addresses.map((address, index) => makeHost(local, { address, index, key: operator.publicOpenSsh })),
  );
  return {
    local,
    location: { kind: 'static', home, hosts: addresses.map((address) => ({ address })) },
    async remove() {
      await local.dispose();
      await rm(home, { recursive: true });
    },
  };
}

/** A world of those hosts, free as they are; `dispose` gives them back and keeps them for the next. */
export function makeStaticWorld({ local, location }: StaticHosts): StaticWorld {
  const subject = openStatic(location);
  const { template, hostKey } = local.creation;
  const [first, second] = location.hosts;
  return {
    subject,
    location,
    creation: {
      ...{ template, hostKey, prefixLength: 24, address: first?.address ?? '' },
      authorizedKey: generateKeyPair('cluster').publicOpenSsh,
    },
    other: { address: second?.address ?? '', hostKey: local.other.hostKey },
    onHost: (address, command) => local.ssh(address, command),
    async dispose() {
      for (const { mark } of await subject.provider.list()) await subject.provider.destroy(mark.machineId, free);
    },
  };
}

/** A machine that lets in whoever tests and who leases; ends once it answers. */
async function makeHost(
  local: LocalWorld,
  { address, index, key }: { readonly address: string; readonly index: number; readonly key: string },
): Promise<void> {
  const request = aCreation({
    ...local.creation,
    ...{ address, id: `H${index}`, node: `host-${index}`, cluster: 'HOSTS' },
  });
  const authorizedKeys = [...request.guestData.authorizedKeys, key];
  await local.subject.provider.create({ ...request, guestData: { ...request.guestData, authorizedKeys } }, free);
  await local.ssh(address, 'true');
}
