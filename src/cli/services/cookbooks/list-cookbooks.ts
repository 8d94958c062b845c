import { parseCookbook } from '../../../cookbook/parse-cookbook.js';
import type { CookbookSource } from '../../../cookbook/types.js';
import { isBdeError } from '../../../errors/bde-error.js';
import { errorToJson, type ErrorJson } from '../../../report/error-json.js';
import type { DataRequest } from '../find-data-folders.js';
import { findCookbooks, isShipped } from './find-cookbooks.js';

/** `bde cookbook list`; `formatVersion` 1. */
export interface CookbookListing {
  readonly formatVersion: 1;
  /** By name. */
  readonly cookbooks: readonly CookbookLine[];
  /** Cookbooks that do not hold. */
  readonly problems: readonly ErrorJson[];
}

/** One cookbook. */
export interface CookbookLine {
  readonly name: string;
  /** Null where it does not hold. */
  readonly version: string | null;
  readonly summary: string | null;
  /** True for what comes with bde. */
  readonly shipped: boolean;
  readonly path: string;
  /** Sorted; empty where it does not hold. */
  readonly roles: readonly string[];
}

/** Every cookbook; a broken one is there too, without what cannot be known of it. */
export async function listCookbooks(data: DataRequest, projectRoot: string): Promise<CookbookListing> {
  const found = await findCookbooks(data, projectRoot);
  const read = found.sources.map((source) => readLine(source, isShipped(source, found)));
  return {
    formatVersion: 1,
    cookbooks: read.map(({ line }) => line),
    problems: read.flatMap(({ problems }) => problems).map(errorToJson),
  };
}

function readLine(source: CookbookSource, shipped: boolean) {
  const { name, path } = source;
  try {
    const { version, summary, roles } = parseCookbook(source);
    return { line: { name, version, summary, shipped, path, roles: Object.keys(roles).sort() }, problems: [] };
  } catch (error) {
    if (!isBdeError(error)) throw error;
    return { line: { name, version: null, summary: null, shipped, path, roles: [] }, problems: [error] };
  }
}
