import { createHash } from 'node:crypto';
import type { Guard } from '../../engine/ports/guard.js';
import type { LockedPackage } from '../../engine/ports/mirror.js';
import { parseBuildFile } from '../definition/parse-build-file.js';
import { readBuildFile } from '../definition/read-repo-definitions.js';
import type { PackageDefinition } from '../definition/repo-definition.js';
import type { MirrorPaths } from '../mirror-paths.js';
import { readBroughtPackages, stampBroughtPackages } from '../packages/read-brought-packages.js';
import { readPlainFiles, stampPlainFiles } from '../packages/plain-files.js';
import { readRpm } from '../packages/read-rpm.js';
import { withoutTwins, type RpmFile } from '../packages/rpm-file.js';
import { signPackages } from '../packages/sign-packages.js';
import { isBdeError } from '../../errors/bde-error.js';
import { repoFailed } from '../repo-error.js';
import { readRepoRecord, writeRepoRecord, type RepoRecord } from '../repo-record.js';
import { hasSnapshot, makeSnapshot } from '../snapshot/make-snapshot.js';
import type { Keyring } from '../trust/gpg-keyring.js';
import { buildPackage, type BuildOrder, type BuildTools } from './build-package.js';
import { BUILDER_REVISION } from './builder-revision.js';
import { digestProjectFiles, type ProjectPlace } from './project-files.js';

/** What one repo is made of: build files, what operators brought, and a key. */
export interface Edition {
  /** What the repo is called. */
  readonly repo: string;
  readonly buildFiles: readonly ProjectPlace[];
  /** Which packages of the build files are wanted. */
  readonly wants: (name: string) => boolean;
  /** Folders of RPMs that operators brought; they win over what would be built under their name. */
  readonly brought: readonly string[];
  /** Folder of files that are offered as they are; null where there are none. */
  readonly plainFiles: string | null;
  /** The release of all its packages, where it is not to follow from their versions. */
  readonly release?: string;
  readonly keyring: Keyring;
}

/** What an edition is built with. */
export interface EditionContext {
  readonly paths: MirrorPaths;
  readonly tools: BuildTools;
  /** Ask the sources for newer versions. */
  readonly refresh: boolean;
  readonly guard: Guard;
}

/** A package of a build file, with the file. */
interface Recipe {
  readonly definition: PackageDefinition;
  readonly place: ProjectPlace;
}

/**
 * The record of an edition that is built: found where its inputs are as they were, else made.
 *
 * @throws BdeError `REPO_FAILED` naming the file or the package that stands in the way
 */
export async function buildEdition(edition: Edition, context: EditionContext): Promise<RepoRecord> {
  const recipes = await readRecipes(edition);
  const inputs = await digestInputs(edition, recipes);
  const record = await readRepoRecord(context.paths.records, edition.repo);
  if (record?.inputs === inputs && !context.refresh && (await isWhole(record, edition, context.paths))) return record;
  const files = await gatherFiles(edition, recipes, context);
  await context.guard();
  const made = { ...(await publishFiles(files, edition, context)), inputs };
  // The same packages again, e.g. after a refresh that brought nothing: what was solved with them stands.
  const closures = record?.snapshot === made.snapshot ? record.closures : {};
  await context.guard();
  await writeRepoRecord(context.paths.records, { ...made, closures });
  return { ...made, closures };
}

/**
 * The packages that build files describe, in their order.
 *
 * @throws BdeError `REPO_FAILED` when two files describe one package
 */
export async function readRecipes({
  buildFiles,
  wants,
}: Pick<Edition, 'buildFiles' | 'wants'>): Promise<readonly Recipe[]> {
  const recipes = new Map<string, Recipe>();
  for (const place of buildFiles) {
    const { buildFile } = place;
    for (const definition of parseBuildFile(await readBuildFile(buildFile), buildFile)) {
      const twin = recipes.get(definition.name);
      if (twin !== undefined) throw describedTwice(definition.name, twin.place.buildFile, buildFile);
      if (wants(definition.name)) recipes.set(definition.name, { definition, place });
    }
  }
  return [...recipes.values()];
}

async function digestInputs(edition: Edition, recipes: readonly Recipe[]): Promise<string> {
  const content = await Promise.all(
    recipes.map(async ({ definition, place }) => [definition, await digestProjectFiles(definition, place)]),
  );
  const plain = await stampPlainFiles(edition.plainFiles);
  const inputs = [
    BUILDER_REVISION,
    edition.repo,
    edition.release ?? null,
    edition.keyring.fingerprint,
    content,
    await stampBroughtPackages(edition.brought),
    ...(plain.length === 0 ? [] : [plain]),
  ];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

async function isWhole(record: RepoRecord, edition: Edition, paths: MirrorPaths): Promise<boolean> {
  return record.snapshot === null || hasSnapshot(record.snapshot, edition.keyring.fingerprint, paths);
}

async function gatherFiles(
  edition: Edition,
  recipes: readonly Recipe[],
  context: EditionContext,
): Promise<readonly RpmFile[]> {
  const brought = await readBroughtPackages(edition.brought);
  const names = new Set(brought.map(({ name }) => name));
  const toBuild = recipes.filter(({ definition }) => !names.has(definition.name));
  const built = await buildAll(toBuild, edition, context);
  return withoutTwins([...brought, ...built]);
}

/** Sources drop a version when they get a newer one: lists that are a day old may name what is gone. */
async function buildAll(
  recipes: readonly Recipe[],
  edition: Edition,
  context: EditionContext,
): Promise<readonly RpmFile[]> {
  const orders = await orderAll(recipes, edition, context);
  try {
    return await buildOrders(orders, context);
  } catch (error) {
    if (context.refresh || !isBdeError(error, 'REPO_FAILED')) throw error;
    const newer = await orderAll(recipes, edition, { ...context, refresh: true });
    if (JSON.stringify(newer) === JSON.stringify(orders)) throw error;
    return buildOrders(newer, context);
  }
}

async function orderAll(
  recipes: readonly Recipe[],
  edition: Edition,
  context: EditionContext,
): Promise<readonly BuildOrder[]> {
  const names = new Set(recipes.flatMap(({ definition }) => definition.debian.map((source) => source.package)));
  const found = await context.tools.archive.resolve([...names], context.refresh);
  const byName = new Map(found.map((each) => [each.name, each]));
  return recipes.map(({ definition, place }) => ({
    definition,
    debian: definition.debian.flatMap((source) => byName.get(source.package) ?? []),
    place,
    ...(edition.release !== undefined && { release: edition.release }),
  }));
}

async function buildOrders(orders: readonly BuildOrder[], context: EditionContext): Promise<readonly RpmFile[]> {
  const files: RpmFile[] = [];
  for (const order of orders) {
    await context.guard();
    const path = await buildPackage(order, context.tools);
    files.push({ ...(await readRpm(path)), path });
  }
  return files;
}

async function publishFiles(
  files: readonly RpmFile[],
  edition: Edition,
  context: EditionContext,
): Promise<Omit<RepoRecord, 'inputs' | 'closures'>> {
  const head = { formatVersion: 1, repo: edition.repo } as const;
  const plainFiles = await readPlainFiles(edition.plainFiles);
  if (files.length === 0 && plainFiles.length === 0) return { ...head, snapshot: null, packages: [] };
  context.tools.onProgress(`${edition.repo}: signing ${files.length} packages`);
  const signed = await signPackages(files, edition.keyring, context.paths);
  await context.guard();
  const snapshot = await makeSnapshot({ packages: signed, plainFiles }, edition.keyring, context.paths);
  return { ...head, snapshot, packages: signed.map(toLocked) };
}

function toLocked({ name, nevra, digest }: RpmFile): LockedPackage {
  return { name, nevra, digest };
}

function describedTwice(name: string, first: string, second: string): Error {
  return repoFailed(`The package ${name} is described by both ${first} and ${second}.`, {
    hint: 'Describe it in one of them alone.',
    subject: { file: second },
  });
}
