import type { Nodes } from '../../engine/ports/nodes.js';
import type { Provider } from '../../engine/ports/provider.js';
import type { SshRoutes } from '../../engine/ports/ssh-routes.js';

/** How a host is logged in to, as far as the site says it; the rest is ssh's own configuration. */
export interface HostLogInSettings {
  readonly user?: string;
  readonly port?: number;
  /** Root is reached by sudo; with a file, by the password in it. */
  readonly sudo?: boolean | { readonly passwordFile: string };
  /** Jump hosts, from here to there, each `[user@]host[:port]`. */
  readonly jump?: readonly string[];
  readonly identityFile?: string;
  readonly knownHosts?: string;
}

/** A machine that is there. */
export interface HostSettings extends HostLogInSettings {
  /** IPv4; where bde logs in, and what the nodes of its cluster call it by. */
  readonly address: string;
  /** For people; its address where none is given. */
  readonly name?: string;
  readonly rack?: string;
  /** What may be counted on; absent: what the host says of itself. */
  readonly cpuCount?: number;
  readonly memoryMiB?: number;
  readonly diskGiB?: number;
}

/** Everything that the provider of one site entry works with. */
export interface StaticSite {
  /** The site's name for it. */
  readonly name: string;
  /** Whose leases are ours. */
  readonly homeKey: string;
  /** Folder of our own records of leases. */
  readonly folder: string;
  readonly hosts: readonly HostSettings[];
  readonly network: { readonly cidr: string; readonly mirrorAddress: string };
  readonly nodes: Pick<Nodes, 'connect'>;
  readonly routes: SshRoutes;
  /** Packages are solved in a template, which the hosts have to be like; it is another provider's. */
  readonly ensureTemplate: Provider['ensureTemplate'];
  /** How long a host may take to answer. */
  readonly connectMs: number;
}

/** What people call a host. */
export function hostName({ name, address }: HostSettings): string {
  return name ?? address;
}
