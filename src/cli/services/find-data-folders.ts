import { join, resolve } from 'node:path';
import type { Site } from '../../spec/site/site.js';
import { readSiteOf } from './read-site-file.js';

/** Folders of one's own, as a command line or its environment names them. Empty: what the site file says. */
export interface DataRequest {
  readonly cookbooks: readonly string[];
  readonly distros: readonly string[];
  readonly repos: readonly string[];
  /** Path of the site file; undefined: the default places. */
  readonly site: string | undefined;
}

/** Where a command finds its data: what comes with bde first, then folders of one's own, as absolute paths. */
export interface DataFolders {
  /** Has `specs/` and what comes with bde of the others. */
  readonly projectRoot: string;
  readonly cookbooks: readonly string[];
  /** Each has a `manifest.json`. */
  readonly distros: readonly string[];
  /** Sub-folders with a `repo.yaml` are package repos. */
  readonly repos: readonly string[];
  readonly site: Site;
}

/**
 * The folders that the command line names, else those of the site file, behind the shipped ones.
 *
 * @throws BdeError `FILE_UNREADABLE`, `SITE_INVALID`
 */
export async function findDataFolders(request: DataRequest, projectRoot: string): Promise<DataFolders> {
  const site = await readSiteOf(request.site);
  const shippedAndOwn = (part: 'cookbooks' | 'distros' | 'repos'): readonly string[] => {
    const own = request[part].length > 0 ? request[part] : site[part];
    return [...new Set([join(projectRoot, part), ...own.map((folder) => resolve(folder))])];
  };
  return {
    projectRoot,
    cookbooks: shippedAndOwn('cookbooks'),
    distros: shippedAndOwn('distros'),
    repos: shippedAndOwn('repos'),
    site,
  };
}
