import type { Nodes } from '../../engine/ports/nodes.js';
import type { Provider } from '../../engine/ports/provider.js';
import type { SshRoutes } from '../../engine/ports/ssh-routes.js';
import type { StaticHost } from '../../engine/ports/static-host.js';

/** Everything that the provider of one site entry works with. */
export interface StaticSite {
  /** The site's name for it. */
  readonly name: string;
  /** Whose leases are ours. */
  readonly homeKey: string;
  /** Folder of our own records of leases. */
  readonly folder: string;
  readonly hosts: readonly StaticHost[];
  readonly network: { readonly cidr: string; readonly mirrorAddress: string };
  readonly nodes: Pick<Nodes, 'connect'>;
  readonly routes: SshRoutes;
  /** Packages are solved in a template, which the hosts have to be like; it is another provider's. */
  readonly ensureTemplate: Provider['ensureTemplate'];
  /** How long a host may take to answer. */
  readonly connectMs: number;
}

/** What people call a host. */
export function hostName({ name, address }: StaticHost): string {
  return name ?? address;
}
