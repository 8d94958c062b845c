import { BdeError } from '../../errors/bde-error.js';
import type { MachineMark } from '../../engine/ports/provider.js';
import { onHost } from './on-host.js';
import type { StaticHost } from '../../engine/ports/static-host.js';
import type { StaticSite } from './static-site.js';

/** What a lease on a host says: whose the machine is. */
export interface HostLease {
  readonly formatVersion: 1;
  readonly homeKey: string;
  readonly mark: MachineMark;
}

/** What a host says of itself. */
export interface HostFacts {
  readonly cpuCount: number;
  readonly memoryMiB: number;
  readonly diskFreeMiB: number;
  readonly lease: HostLease | undefined;
  /** All that belongs to the lease was done. */
  readonly isComplete: boolean;
}

/** A host with what it said, or why it said nothing. */
export type SeenHost =
  { readonly host: StaticHost; readonly facts: HostFacts } | { readonly host: StaticHost; readonly failure: BdeError };

/** Each costs both ends a key exchange. */
const AT_ONCE = 8;

/** Asks every host of the site, some at once, in the site's order; one that does not answer is told as such. */
export async function lookAtHosts(site: StaticSite): Promise<readonly SeenHost[]> {
  const seen = new Map<StaticHost, SeenHost>();
  const left = site.hosts.values();
  const worker = async (): Promise<void> => {
    for (const host of left) seen.set(host, await seeHost(site, host));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return site.hosts.map((host) => seen.get(host)).filter((each) => each !== undefined);
}

async function seeHost(site: StaticSite, host: StaticHost): Promise<SeenHost> {
  try {
    const facts = await onHost(site, host, async ({ call }) => parseHostFacts((await call(['look'])) ?? ''));
    return { host, facts };
  } catch (error) {
    if (error instanceof BdeError) return { host, failure: error };
    throw error;
  }
}

/** Parses what `look` of `host-lease.sh` prints. A lease that cannot be read is somebody's all the same. */
export function parseHostFacts(text: string): HostFacts {
  const lines = text.split('\n');
  const value = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const lease = value('lease');
  return {
    cpuCount: Number(value('cpus') ?? 0),
    memoryMiB: Number(value('memory') ?? 0),
    diskFreeMiB: Number(value('disk') ?? 0),
    lease: lease === undefined ? undefined : parseLease(lease),
    isComplete: lines.includes('complete'),
  };
}

/** One that nobody of ours wrote. */
const UNKNOWN_LEASE: HostLease = {
  formatVersion: 1,
  homeKey: '',
  mark: {
    formatVersion: 1,
    machineId: '' as never,
    clusterId: '' as never,
    clusterName: 'an unknown cluster',
    nodeName: 'an unknown node' as never,
    generation: 0,
    epoch: 0,
  },
};

function parseLease(text: string): HostLease {
  try {
    const lease = JSON.parse(text) as Partial<HostLease> | null;
    return lease?.formatVersion === 1 && lease.mark?.formatVersion === 1 ? (lease as HostLease) : UNKNOWN_LEASE;
  } catch {
    return UNKNOWN_LEASE;
  }
}
