import type { Inventory, ProviderDescription } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import { didYouMean } from '../../spec/document/nearest-name.js';
import { quoteText } from '../../spec/document/quote-source.js';
import { openProvider } from '../wire.js';

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

/** Every provider that this home can use. */
export async function listProviders(): Promise<ProviderListing> {
  const { provider } = await openProvider();
  return { formatVersion: 1, providers: [provider.describe()] };
}

/**
 * What a provider has, and what it lacks to make machines.
 *
 * @throws BdeError `USAGE` for an unknown provider
 */
export async function checkProvider(name: string | undefined): Promise<ProviderState> {
  const { provider } = await openProvider();
  const known = provider.describe().name;
  if (name !== undefined && name !== known) throw unknownProvider(name, [known]);
  const inventory = await provider.inventory();
  return { formatVersion: 1, provider: known, ready: inventory.missing.length === 0, ...inventory };
}

function unknownProvider(name: string, known: readonly string[]): BdeError {
  return new BdeError('USAGE', `There is no provider ${quoteText(name)}${didYouMean(name, known) || '.'}`, {
    hint: `There is ${known.join(', ')}.`,
  });
}
