import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PackageDefinition } from '../definition/repo-definition.js';
import { listIfThere } from '../if-there.js';
import { isSystemError } from '../repo-error.js';
import { BUILDER_REVISION } from './builder-revision.js';
import type { DebianArchive } from './debian-archive.js';
import type { DebianPackage } from './debian-package.js';
import { parseDebianVersion, type RpmVersion } from './debian-version.js';
import { layOutPackage } from './lay-out-package.js';
import { digestProjectFiles, type ProjectPlace } from './project-files.js';
import { renderSpec } from './render-spec.js';
import { runRpmbuild } from './run-rpmbuild.js';

/** What one package is built with. */
export interface BuildTools {
  readonly archive: DebianArchive;
  /** Folder of built packages, by the digest of what they are made of; shared by all homes of the host. */
  readonly rpmCache: string;
  /** Where it may be laid out. */
  readonly drafts: string;
  readonly onProgress: (line: string) => void;
}

/** A package with everything that it is made of. */
export interface BuildOrder {
  readonly definition: PackageDefinition;
  /** In the order of the definition's sources. */
  readonly debian: readonly DebianPackage[];
  readonly place: ProjectPlace;
  /** The release to give it, where it is not to follow from its version. */
  readonly release?: string;
}

/**
 * The unsigned RPM of an order, built where no earlier build had the same inputs.
 *
 * @throws BdeError `REPO_FAILED` when a source cannot be had or the build fails
 */
export async function buildPackage(order: BuildOrder, tools: BuildTools): Promise<string> {
  const { name } = order.definition;
  const shelf = join(tools.rpmCache, await digestInputs(order));
  const [built] = (await listIfThere(shelf)).filter((file) => file.endsWith('.rpm'));
  if (built !== undefined) return join(shelf, built);
  const sizeMiB = order.debian.reduce((sum, each) => sum + each.sizeBytes, 0) / 2 ** 20;
  if (order.debian.length > 0) {
    tools.onProgress(`${name}: fetching ${order.debian.length} Debian packages (${sizeMiB.toFixed(0)} MiB)`);
  }
  const debs = await tools.archive.fetch(order.debian);
  tools.onProgress(`${name}: building`);
  await mkdir(tools.drafts, { recursive: true });
  const folder = await mkdtemp(join(tools.drafts, 'build-'));
  try {
    return await putOnShelf(await buildIn(folder, order, debs), shelf);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildIn(folder: string, order: BuildOrder, debs: readonly string[]): Promise<string> {
  const root = join(folder, 'root');
  const scratch = join(folder, 'debian');
  await mkdir(root);
  await mkdir(scratch);
  const entries = await layOutPackage(order.definition, { ...order.place, debs, scratch, root });
  return runRpmbuild(order.definition, renderSpec(order.definition, versionOf(order), entries), { folder, root });
}

/** A shelf is there whole or not at all; who comes second takes what is there. */
async function putOnShelf(rpm: string, shelf: string): Promise<string> {
  await mkdir(dirname(shelf), { recursive: true });
  const draft = await mkdtemp(`${shelf}.`);
  // Cache and home may be on different file systems.
  await copyFile(rpm, join(draft, basename(rpm)));
  await rename(draft, shelf).catch(async (error: unknown) => {
    if (!isSystemError(error, 'ENOTEMPTY') && !isSystemError(error, 'EEXIST')) throw error;
    await rm(draft, { recursive: true });
  });
  const [file = ''] = await readdir(shelf);
  return join(shelf, file);
}

function versionOf({ definition, debian, release }: BuildOrder): RpmVersion {
  const { version, revision } = definition;
  if (typeof version === 'string') return { epoch: 0, version, release: release ?? String(revision) };
  const source = debian.find(({ name }) => name === version.of);
  const parsed = parseDebianVersion(source?.version ?? '0');
  return { ...parsed, release: release ?? `${parsed.release}.${revision}` };
}

async function digestInputs(order: BuildOrder): Promise<string> {
  const inputs = [
    BUILDER_REVISION,
    order.definition,
    order.release ?? null,
    order.debian.map(({ name, version, sha256 }) => [name, version, sha256]),
    await digestProjectFiles(order.definition, order.place),
  ];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}
