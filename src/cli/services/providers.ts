import type { Inventory, ProviderDescription } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import { didYouMean } from '../../spec/document/nearest-name.js';
import { quoteText } from '../../spec/document/quote-source.js';
import { openProvider } from '../wire.js';
import { readSiteOf } from './read-site-file.js';

/** `bde provider list`; `formatVersion` 1. */
export interface ProviderListing {
  readonly formatVersion: 1;
  readonly providers: readonly ProviderDescription[];
}

/** `bde provider check`; `formatVersion` 1. */
export interface ProviderState extends Inventory {
  readonly formatVersion: 1;
  readonly provider: string;
  /** True when nothing is missing. */
  readonly ready: boolean;
}

/** Every provider that this home can use: `local`, and those of the site file. */
export async function listProviders(): Promise<ProviderListing> {
  const opened = await Promise.all((await providerNames()).map((name) => openProvider({ name })));
  return { formatVersion: 1, providers: opened.map(({ provider }) => provider.describe()) };
}

/** The site's names for those that there is an adapter for; `local` is always among them. */
async function providerNames(): Promise<readonly string[]> {
  const { providers } = await readSiteOf(process.env['BDE_SITE'] || undefined);
  const leased = Object.keys(providers).filter((name) => providers[name]?.kind === 'static');
  return ['local', ...leased.filter((name) => name !== 'local')];
}

/**
 * What a provider has, and what it lacks to make machines.
 *
 * @throws BdeError `USAGE` for an unknown provider
 */
export async function checkProvider(name: string | undefined): Promise<ProviderState> {
  const names = await providerNames();
  if (name !== undefined && !names.includes(name)) throw unknownProvider(name, names);
  const { provider } = await openProvider({ name: name ?? 'local' });
  const known = provider.describe().name;
  const inventory = await provider.inventory();
  return { formatVersion: 1, provider: known, ready: inventory.missing.length === 0, ...inventory };
}

function unknownProvider(name: string, known: readonly string[]): BdeError {
  return new BdeError('USAGE', `There is no provider ${quoteText(name)}${didYouMean(name, known) || '.'}`, {
    hint: `There is ${known.join(', ')}.`,
  });
}
