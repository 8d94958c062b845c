import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { lstatIfThere, readIfThere } from '../if-there.js';
import { contentPath, snapshotPath, type MirrorPaths } from '../mirror-paths.js';
import { routesFile, type ClusterRoutes } from '../publish-routes.js';
import { isSystemError } from '../repo-error.js';
import { parseContentPath, parseRequestPath, type RequestedContent } from './parse-request-path.js';

/**
 * The file that a request may have; undefined when the cluster does not see that repo, when there is no such file, or when
 * a link leads out of the snapshot. The cluster's routes are read for each request: a switch holds from the next one on.
 */
export async function findServedFile(url: string, paths: MirrorPaths): Promise<string | undefined> {
  const content = parseContentPath(url);
  if (content !== undefined) return findContent(content, paths);
  const wanted = parseRequestPath(url);
  if (wanted === undefined) return undefined;
  const text = await readIfThere(routesFile(paths.routes, wanted.clusterId));
  if (text === undefined) return undefined;
  const digest = new Map(Object.entries((JSON.parse(text) as ClusterRoutes).repos)).get(wanted.repo);
  if (digest === undefined) return undefined;
  try {
    const top = await realpath(snapshotPath(paths, digest));
    const file = await realpath(join(top, wanted.path));
    return file.startsWith(top + sep) ? file : undefined;
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR') || isSystemError(error, 'ENAMETOOLONG')) {
      return undefined;
    }
    throw error;
  }
}

async function findContent({ clusterId, sum }: RequestedContent, paths: MirrorPaths): Promise<string | undefined> {
  const path = contentPath(paths, clusterId, sum);
  return (await lstatIfThere(path))?.isFile() === true ? path : undefined;
}
