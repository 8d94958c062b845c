import type { JsonObject } from '../json.js';
import type { NodeSize } from '../resolved-cluster.js';

/** What is particular to the place where bde runs; every part may be missing. */
export interface Site {
  /** Provider of clusters that name none. */
  readonly defaultProvider: string;
  readonly providers: Readonly<Record<string, SiteProvider>>;
  readonly networks: Readonly<Record<string, SiteNetwork>>;
  /** Paths of PEM files. */
  readonly caCertificates: readonly string[];
  readonly proxy: { readonly http: string | null; readonly https: string | null; readonly noProxy: readonly string[] };
  readonly mirror: { readonly address: string | null; readonly port: number | null };
  /** How many nodes of a cluster may be made anew within an hour; null: as bde has it. */
  readonly fix: { readonly perHour: number | null };
  /** Folders with cookbooks beside the shipped ones. */
  readonly cookbooks: readonly string[];
  /** Folders with a `manifest.json` beside the shipped one. */
  readonly distros: readonly string[];
  /** Folders with package repos beside the shipped ones. */
  readonly repos: readonly string[];
}

/** One thing that makes machines. */
export interface SiteProvider {
  readonly kind: string;
  readonly network: string | null;
  /** Go over the provider's own. */
  readonly sizes: Readonly<Record<string, NodeSize>>;
  readonly settings: JsonObject;
}

/** One network; the range lies inside of it. */
export interface SiteNetwork {
  readonly cidr: string;
  /** First and last address that nodes may get; null: all that are free. */
  readonly range: readonly [string, string] | null;
  readonly gateway: string | null;
  readonly dns: readonly string[];
  readonly addresses: 'static' | 'dhcp';
}

/** The site where there is no file: the provider `local` with its own settings. */
export const EMPTY_SITE: Site = {
  defaultProvider: 'local',
  providers: {},
  networks: {},
  caCertificates: [],
  proxy: { http: null, https: null, noProxy: [] },
  mirror: { address: null, port: null },
  fix: { perHour: null },
  cookbooks: [],
  distros: [],
  repos: [],
};
