import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Guard } from '../../src/engine/ports/guard.js';
import type { NetworkInventory } from '../../src/engine/ports/provider.js';
import { createLocalProvider } from '../../src/providers/local/create-local-provider.js';
import type { ProviderUnderTest } from './provider.contract.js';

const exec = promisify(execFile);
const free: Guard = () => Promise.resolve();

/** A local provider with a home key and folder of its own; the template comes from the host's cache. */
export interface LocalWorld extends ProviderUnderTest {
  readonly homeKey: string;
  readonly dataRoot: string;
  readonly network: NetworkInventory;
  /** A command on a machine, over ssh, as soon as it answers; its stdout. */
  ssh(address: string, command: string): Promise<string>;
}

/** Makes a world that `dispose` removes from the host without a trace. */
export async function makeLocalWorld(): Promise<LocalWorld> {
  const homeKey = randomBytes(4).toString('hex');
  const dataRoot = await mkdtemp(join(tmpdir(), 'bde-local-'));
  const subject = createLocalProvider({ homeKey, dataRoot });
  const recipe = { name: 'debian-12', formatVersion: 1 } as const;
  const template = await subject.provider.ensureTemplate(recipe, free, () => undefined);
  const network = await subject.network?.ensureNetwork(free);
  if (!network) throw new Error('the local provider has a network');
  const [hostKey, otherHostKey, client] = await Promise.all(
    ['host', 'other', 'client'].map((name) => keyPair(dataRoot, name)),
  );
  if (!hostKey || !otherHostKey || !client) throw new Error('three key pairs were made');
  return {
    subject,
    homeKey,
    dataRoot,
    network,
    location: { kind: 'local', homeKey, dataRoot },
    creation: {
      template: template.digest,
      address: network.range[0],
      prefixLength: 24,
      hostKey,
      authorizedKey: client.publicOpenSsh,
    },
    other: { address: nextAddress(network.range[0]), hostKey: otherHostKey },
    ssh: (address, command) =>
      ssh({ identity: join(dataRoot, 'client'), address, hostKey: hostKey.publicOpenSsh }, command),
    async dispose() {
      for (const { mark } of await subject.provider.list()) await subject.provider.destroy(mark.machineId, free);
      await subject.orphans?.removeOrphans(free);
      await subject.network?.removeNetwork(free);
      await rm(dataRoot, { recursive: true });
    },
  };
}

/** The address after that one, within a network of 256. */
export function nextAddress(address: string, by = 1): string {
  return address.replace(/\d+$/, (last) => String(Number(last) + by));
}

async function keyPair(folder: string, name: string): Promise<{ privateOpenSsh: string; publicOpenSsh: string }> {
  const path = join(folder, name);
  await exec('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
  return {
    privateOpenSsh: await readFile(path, 'utf8'),
    publicOpenSsh: (await readFile(`${path}.pub`, 'utf8')).trim(),
  };
}

interface SshTarget {
  readonly identity: string;
  readonly address: string;
  readonly hostKey: string;
}

async function ssh({ identity, address, hostKey }: SshTarget, command: string): Promise<string> {
  const known = `${identity}.known.${createHash('sha256').update(address).digest('hex').slice(0, 8)}`;
  await exec('sh', ['-c', 'printf "%s %s\\n" "$1" "$2" >"$3"', 'known', address, hostKey, known]);
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${known}`,
    'ConnectTimeout=5',
    'ServerAliveInterval=2',
  ];
  const argv = ['-i', identity, ...options.flatMap((option) => ['-o', option]), `root@${address}`, command];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await exec('ssh', argv)).stdout;
    } catch (error) {
      // 255 is ssh's own failure: not up yet, or the key does not match, which a later try will not mend.
      const { code, stderr } = error as { code?: number; stderr?: string };
      if (code !== 255 || attempt === 100 || /verification failed/.test(stderr ?? '')) throw error;
    }
  }
}
