import { validateSite } from '../../generated/validators.js';
import { documentValue } from '../document/check-document.js';
import { throwFindings } from '../document/finding.js';
import type { ParsedDocument } from '../document/parse-document.js';
import type { JsonObject } from '../json.js';
import type { NodeSize } from '../resolved-cluster.js';
import { checkSite } from './check-site.js';
import { EMPTY_SITE, type Site, type SiteNetwork, type SiteProvider } from './site.js';

/**
 * A site file with its defaults filled in.
 *
 * @throws BdeError the one finding as itself, or `SITE_INVALID` with all of them
 */
export function parseSite(document: ParsedDocument): Site {
  const raw = documentValue<RawSite>(document, validateSite, 'SITE_INVALID');
  const site = {
    defaultProvider: raw.provider ?? Object.keys(raw.providers ?? {})[0] ?? EMPTY_SITE.defaultProvider,
    providers: mapValues(raw.providers ?? {}, toProvider),
    networks: mapValues(raw.networks ?? {}, toNetwork),
    caCertificates: raw.caCertificates ?? [],
    proxy: { http: raw.proxy?.http ?? null, https: raw.proxy?.https ?? null, noProxy: raw.proxy?.noProxy ?? [] },
    mirror: { address: raw.mirror?.address ?? null, port: raw.mirror?.port ?? null },
    fix: { perHour: raw.fix?.perHour ?? null },
    cookbooks: raw.cookbooks ?? [],
    distros: raw.distros ?? [],
    repos: raw.repos ?? [],
  };
  throwFindings(checkSite(site, document), 'SITE_INVALID', document.file);
  return site;
}

interface RawSite {
  readonly provider?: string;
  readonly providers?: Readonly<Record<string, RawProvider>>;
  readonly networks?: Readonly<Record<string, RawNetwork>>;
  readonly caCertificates?: readonly string[];
  readonly proxy?: { readonly http?: string; readonly https?: string; readonly noProxy?: readonly string[] };
  readonly mirror?: { readonly address?: string; readonly port?: number };
  readonly fix?: { readonly perHour?: number };
  readonly cookbooks?: readonly string[];
  readonly distros?: readonly string[];
  readonly repos?: readonly string[];
}

interface RawProvider {
  readonly kind?: string;
  readonly network?: string;
  readonly sizes?: Readonly<Record<string, NodeSize>>;
  readonly settings?: JsonObject;
}

interface RawNetwork {
  readonly cidr: string;
  readonly range?: readonly [string, string];
  readonly gateway?: string;
  readonly dns?: readonly string[];
  readonly addresses?: 'static' | 'dhcp';
}

function toProvider(raw: RawProvider, name: string): SiteProvider {
  return { kind: raw.kind ?? name, network: raw.network ?? null, sizes: raw.sizes ?? {}, settings: raw.settings ?? {} };
}

function toNetwork(raw: RawNetwork): SiteNetwork {
  return {
    cidr: raw.cidr,
    range: raw.range ?? null,
    gateway: raw.gateway ?? null,
    dns: raw.dns ?? [],
    addresses: raw.addresses ?? 'static',
  };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
