import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../../engine/ports/provider.js';
import type { Digest } from '../../errors/ids.js';
import { hasErrorCode, isThere } from './file-facts.js';

const IMAGE_NAME = /^(?<name>[a-z0-9-]+)-(?<digest>[0-9a-f]{64})\.squashfs$/;

/** File name of a template's image, in the cache and in a home. */
export function imageName(name: string, digest: Digest): string {
  return `${name}-${digest}.squashfs`;
}

/** Templates whose images lie in a folder, by name, newest first; empty when there is no such folder. */
export async function readTemplates(folder: string): Promise<readonly Template[]> {
  const files = (await isThere(folder)) ? await readdir(folder) : [];
  const templates = await Promise.all(files.map((file) => readTemplate(folder, file)));
  return templates
    .filter((template) => template !== undefined)
    .sort((a, b) => a.name.localeCompare(b.name) || b.createdAt - a.createdAt);
}

/** Path of the image with that digest in a folder; undefined when it is not there. */
export async function findImage(folder: string, digest: Digest): Promise<string | undefined> {
  const template = (await readTemplates(folder)).find((candidate) => candidate.digest === digest);
  return template && join(folder, imageName(template.name, digest));
}

/**
 * Gives `to` the content of `from`, which may vanish afterwards: a second name for the same file, or, on another file
 * system, a copy that appears whole.
 */
export async function shareImage(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}`;
  await mkdir(join(to, '..'), { recursive: true });
  await rm(temporary, { force: true });
  try {
    await link(from, temporary);
  } catch (error) {
    if (!hasErrorCode(error, 'EXDEV', 'EPERM', 'EMLINK')) throw error;
    await copyFile(from, temporary);
  }
  await rename(temporary, to);
  // Renaming one name of a file onto another name of it does nothing and keeps both.
  await rm(temporary, { force: true });
}

async function readTemplate(folder: string, file: string): Promise<Template | undefined> {
  const { name, digest } = IMAGE_NAME.exec(file)?.groups ?? {};
  if (name === undefined || digest === undefined) return undefined;
  const { size, mtimeMs } = await stat(join(folder, file));
  return { name, digest: digest as Digest, sizeMiB: Math.ceil(size / 2 ** 20), createdAt: Math.floor(mtimeMs) };
}
