import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterId } from '../errors/ids.js';
import { lstatIfThere } from './if-there.js';
import { contentPath, type MirrorPaths } from './mirror-paths.js';
import { writeAtomically } from './write-atomically.js';

/** Lays contents where nodes of this cluster pull them. What is there under a sum is right: names are given to whole files. */
export async function publishContents(
  clusterId: ClusterId,
  contents: Readonly<Record<string, Buffer>>,
  paths: MirrorPaths,
): Promise<void> {
  for (const [sum, content] of Object.entries(contents)) {
    const path = contentPath(paths, clusterId, sum);
    if ((await lstatIfThere(path)) === undefined) await writeAtomically(path, content);
  }
}

/** Removes all contents of a cluster. */
export async function withdrawContents(clusterId: ClusterId, paths: MirrorPaths): Promise<void> {
  await rm(join(paths.contents, clusterId), { recursive: true, force: true });
}
