import { cookbookPage } from '../../../cookbook/docs/cookbook-page.js';
import { parseCookbook } from '../../../cookbook/parse-cookbook.js';
import type { DataRequest } from '../find-data-folders.js';
import { cookbookNamed, findCookbooks } from './find-cookbooks.js';

/** `bde cookbook docs`; `formatVersion` 1. */
export interface CookbookDocs {
  readonly formatVersion: 1;
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /** The page, in Markdown. */
  readonly markdown: string;
}

/**
 * A page on a cookbook.
 *
 * @throws BdeError `USAGE` for an unknown name, `COOKBOOK_INVALID`
 */
export async function describeCookbook(name: string, data: DataRequest, projectRoot: string): Promise<CookbookDocs> {
  const source = cookbookNamed(name, await findCookbooks(data, projectRoot));
  const cookbook = parseCookbook(source);
  return { formatVersion: 1, name, version: cookbook.version, path: source.path, markdown: cookbookPage(cookbook) };
}
