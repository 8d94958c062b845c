import { dirname } from 'node:path';
import type { CookbookSource } from '../../../cookbook/types.js';
import { BdeError } from '../../../errors/bde-error.js';
import { readCookbooks } from '../../../files/read-cookbooks.js';
import { didYouMean } from '../../../spec/document/nearest-name.js';
import { quoteText } from '../../../spec/document/quote-source.js';
import { findDataFolders, type DataFolders, type DataRequest } from '../find-data-folders.js';

/** Every cookbook that there is, and where it was looked for. */
export interface FoundCookbooks {
  readonly folders: DataFolders;
  /** By name. */
  readonly sources: readonly CookbookSource[];
}

/**
 * The cookbooks that come with bde, and one's own.
 *
 * @throws BdeError `FILE_UNREADABLE`, `COOKBOOK_INVALID`, `SITE_INVALID`
 */
export async function findCookbooks(data: DataRequest, projectRoot: string): Promise<FoundCookbooks> {
  const folders = await findDataFolders(data, projectRoot);
  return { folders, sources: await readCookbooks(folders.cookbooks) };
}

/**
 * The cookbook of a name.
 *
 * @throws BdeError `USAGE`
 */
export function cookbookNamed(name: string, { sources }: FoundCookbooks): CookbookSource {
  const found = sources.find((source) => source.name === name);
  if (found !== undefined) return found;
  const names = sources.map((source) => source.name);
  const near = didYouMean(name, names) || '.';
  throw new BdeError('USAGE', `There is no cookbook ${quoteText(name)}; there are ${names.join(', ')}${near}`, {
    hint: 'Name one of these, or the folder that it lies in with --cookbooks DIR.',
  });
}

/** True for what comes with bde. */
export function isShipped(source: CookbookSource, { folders }: FoundCookbooks): boolean {
  return dirname(source.path) === folders.cookbooks[0];
}
