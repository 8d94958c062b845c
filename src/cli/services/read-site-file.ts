import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { BdeError } from '../../errors/bde-error.js';
import type { ProviderDescription } from '../../engine/ports/provider.js';
import { readSite, readSiteFile } from '../../files/read-trees.js';
import { didYouMean } from '../../spec/document/nearest-name.js';
import { parseDocument } from '../../spec/document/parse-document.js';
import type { NodeSize } from '../../spec/resolved-cluster.js';
import { parseSite } from '../../spec/site/parse-site.js';
import { EMPTY_SITE, type Site, type SiteProvider } from '../../spec/site/site.js';

/** Where a site file is looked for when none is named: the host's, then the user's. */
function defaultPaths(): readonly string[] {
  return ['/etc/bde/bde.yaml', join(homedir(), '.config', 'bde', 'bde.yaml')];
}

/**
 * The site file that is named, else the first of the default places that has one, else the empty site. Folders that it names are
 * absolute.
 *
 * @throws BdeError `FILE_UNREADABLE` for a named file that is not there, `SITE_INVALID`
 */
export async function readSiteOf(path: string | undefined): Promise<Site> {
  const file = path === undefined ? await readSite(defaultPaths()) : await readSiteFile(path);
  if (file === undefined) return EMPTY_SITE;
  const site = parseSite(parseDocument(file.text, file.path));
  const beside = (folder: string): string => resolve(dirname(file.path), folder);
  const { cookbooks, distros, repos } = site;
  return { ...site, cookbooks: cookbooks.map(beside), distros: distros.map(beside), repos: repos.map(beside) };
}

/** Kinds of providers that there are adapters for. */
const KINDS: readonly string[] = ['local', 'static'];

/** What a site makes of a provider's sizes, and what it says that this provider does not act on. */
export interface SiteSettings {
  readonly sizes: Readonly<Record<string, NodeSize>>;
  readonly warnings: readonly string[];
}

/**
 * Applies a site to the provider that a cluster asks for, by the site's name for it.
 *
 * @throws BdeError `USAGE` for a provider that neither the site nor this bde knows
 */
export function applySite(site: Site, name: string | undefined, provider: ProviderDescription): SiteSettings {
  const wanted = name ?? (site === EMPTY_SITE ? provider.name : site.defaultProvider);
  const configured = site.providers[wanted];
  // A kind of which there is one for each entry goes by the entry's name.
  if (wanted !== provider.name && configured?.kind !== provider.name) throw unknownProvider(wanted, site, provider);
  if (configured !== undefined && !KINDS.includes(configured.kind)) throw unknownProvider(wanted, site, provider);
  const unused = configured?.kind === 'static' ? unusedByStatic(site) : unusedParts(site, configured);
  return {
    sizes: { ...provider.sizes, ...configured?.sizes },
    warnings: unused.map((part) => `the site file's ${part} is not used by the provider ${provider.name}`),
  };
}

/** Machines of the one provider there is live on a bridge of their own, with a mirror of their own, and no way out. */
function unusedParts(site: Site, configured: SiteProvider | undefined): readonly string[] {
  const { proxy, mirror } = site;
  return [
    ...((configured?.network ?? null) === null ? [] : ['network']),
    ...(site.caCertificates.length === 0 ? [] : ['caCertificates']),
    ...(proxy.http === null && proxy.https === null ? [] : ['proxy']),
    ...(mirror.address === null && mirror.port === null ? [] : ['mirror']),
  ];
}

/** Hosts that are there have networks of their own; what is said of theirs is where the mirror is found. */
function unusedByStatic({ caCertificates, proxy, mirror }: Site): readonly string[] {
  return [
    ...(caCertificates.length === 0 ? [] : ['caCertificates']),
    ...(proxy.http === null && proxy.https === null ? [] : ['proxy']),
    ...(mirror.port === null ? [] : ['mirror.port']),
  ];
}

/**
 * The site's name for the provider that a cluster has: its own, or that of an entry of this kind, the default before others.
 * Clusters of `local` are recorded by the kind, those of hosts that are there by the entry.
 */
export function siteNameOf(provider: string, { providers, defaultProvider }: Site): string {
  if (provider in providers) return provider;
  const fitting = Object.keys(providers).filter((name) => providers[name]?.kind === provider);
  if (fitting.includes(defaultProvider)) return defaultProvider;
  return fitting[0] ?? provider;
}

function unknownProvider(wanted: string, site: Site, provider: ProviderDescription): BdeError {
  const known = [...new Set([provider.name, ...Object.keys(site.providers)])];
  const kind = site.providers[wanted]?.kind;
  const what = kind === undefined ? `There is no provider ${wanted}` : `The provider ${wanted} is of kind ${kind}`;
  return new BdeError('USAGE', `${what}; this bde makes machines with ${provider.name}${didYouMean(wanted, known)}.`, {
    hint: `Name it with --provider ${provider.name}, or leave the flag out; bde provider list shows what there is.`,
  });
}
