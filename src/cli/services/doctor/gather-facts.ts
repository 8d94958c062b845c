import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ProviderWithAbilities } from '../../../engine/ports/provider.js';
import { homePaths } from '../../paths.js';
import { openProvider } from '../../wire.js';
import { failureOf } from './failure-of.js';
import { gatherHomeFacts } from './gather-home-facts.js';
import type { HostFacts, ProviderFacts } from './host-facts.js';

const SSH_NATIVE = 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node';

/** Looks at everything and changes nothing: no store and no identity is made by looking. */
export async function gatherFacts(): Promise<HostFacts> {
  const { home } = homePaths();
  const [provider, homeFacts, free] = await Promise.all([askProvider(), gatherHomeFacts(), freeMiB(home)]);
  return {
    nodeVersion: process.versions.node,
    sshIsNative: isResolvable(SSH_NATIVE),
    disks: [{ what: 'this home', path: home, freeMiB: free }, ...provider.disks],
    ...homeFacts,
    provider: provider.facts,
  };
}

function isResolvable(path: string): boolean {
  try {
    return existsSync(createRequire(import.meta.url).resolve(path));
  } catch {
    // Not resolvable is what was asked.
    return false;
  }
}

async function freeMiB(path: string): Promise<number> {
  const facts = await statfs(path);
  return Math.floor((facts.bavail * facts.bsize) / 2 ** 20);
}

interface AskedProvider {
  readonly facts: ProviderFacts;
  readonly disks: HostFacts['disks'];
}

async function askProvider(): Promise<AskedProvider> {
  const opened = await openProvider();
  const { name } = opened.provider.describe();
  try {
    return await readProvider(opened, name);
  } catch (error) {
    return { facts: { name, failure: failureOf(error), missing: [], orphans: [], machines: [] }, disks: [] };
  }
}

async function readProvider({ provider, orphans }: ProviderWithAbilities, name: string): Promise<AskedProvider> {
  const { missing, hosts } = await provider.inventory();
  const listings = await provider.list();
  const machines = listings.map(({ mark }) => ({
    machineId: mark.machineId,
    clusterId: mark.clusterId,
    clusterName: mark.clusterName,
    node: mark.nodeName,
  }));
  // Looking for orphans takes programs of the host; without them there is nothing to find.
  const found = missing.length > 0 || orphans === undefined ? [] : await orphans.listOrphans();
  return {
    facts: { name, failure: null, missing, orphans: found, machines },
    disks: hosts.map((host) => ({ what: 'machines', path: host.name, freeMiB: host.diskFreeMiB })),
  };
}
