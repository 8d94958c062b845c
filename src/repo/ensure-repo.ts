import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepoLock } from '../engine/ports/mirror.js';
import type { TemplateShell } from '../engine/ports/provider.js';
import type { BdeError } from '../errors/bde-error.js';
import type { Digest } from '../errors/ids.js';
import { buildEdition, type Edition, type EditionContext } from './build/build-edition.js';
import { readRepoWithRequired, REHEARSAL_SUFFIX } from './definition/read-repo-definitions.js';
import type { ProjectPlace } from './build/project-files.js';
import type { RepoDefinition, SourceFolder } from './definition/repo-definition.js';
import { lstatIfThere } from './if-there.js';
import { solveClosure } from './lock/solve-closure.js';
import { snapshotPath, type MirrorPaths } from './mirror-paths.js';
import { repoFailed } from './repo-error.js';
import { withClosure, writeRepoRecord, type RepoRecord, type SolvedClosure } from './repo-record.js';
import type { TrustKeys } from './trust/ensure-trust.js';

/** Release of every rehearsal package: lower than any real one. */
const REHEARSAL_RELEASE = '0.rehearsal';

/** Raised when the same snapshots are to give other closures than before. */
const SOLVER_REVISION = 2;

/** What a repo is made for and with. */
export interface EnsureRepoContext extends EditionContext {
  readonly keys: TrustKeys;
  readonly repoFolders: readonly SourceFolder[];
  /** Cookbooks whose rehearsals stand in for what repos lack. */
  readonly cookbookFolders: readonly SourceFolder[];
  readonly template: Digest;
  readonly templateShell: TemplateShell;
  readonly rehearsal: boolean;
}

/** What stands for one repo: its own packages, and what rehearses those that it lacks. */
interface BuiltRepo {
  readonly definition: RepoDefinition;
  readonly records: readonly { readonly record: RepoRecord; readonly snapshot: Digest; readonly rehearsal: boolean }[];
}

/**
 * Locks of the repo and of all that it requires, required ones first; a repo without packages of its own has no lock, and
 * one that is rehearsed has a second. For one process at a time.
 *
 * @throws BdeError `REPO_FAILED`
 */
export async function ensureRepoLocks(name: string, context: EnsureRepoContext): Promise<readonly RepoLock[]> {
  await rm(context.paths.drafts, { recursive: true, force: true });
  const definitions = await readRepoWithRequired(context.repoFolders, name);
  const built: BuiltRepo[] = [];
  for (const definition of definitions) built.push(await buildRepo(definition, context));
  const locks: RepoLock[] = [];
  for (const repo of built) locks.push(...(await lockRepo(repo, built, context)));
  return locks;
}

async function buildRepo(definition: RepoDefinition, context: EnsureRepoContext): Promise<BuiltRepo> {
  const real = await buildEdition(realEdition(definition, context), context);
  const missing = lacking(definition, [real]);
  if (missing.length === 0) return { definition, records: present([real], []) };
  if (!context.rehearsal) throw packagesMissing(definition, missing, context.paths);
  const rehearsed = await buildEdition(await rehearsalEdition(definition, missing, context), context);
  const unrehearsed = lacking(definition, [real, rehearsed]);
  if (unrehearsed.length > 0) throw packagesMissing(definition, unrehearsed, context.paths);
  return { definition, records: present([real], [rehearsed]) };
}

/** Where operators put RPMs of a repo. */
export function broughtFolders(definition: RepoDefinition, paths: MirrorPaths): readonly string[] {
  return [join(definition.folder, 'packages'), join(paths.incoming, definition.name)];
}

/** What describes a repo's own packages. */
export function buildFilesOf({ buildFile, bound }: RepoDefinition): readonly ProjectPlace[] {
  return buildFile === null ? [] : [{ buildFile, projectRoot: bound }];
}

function realEdition(definition: RepoDefinition, context: EnsureRepoContext): Edition {
  return {
    repo: definition.name,
    buildFiles: buildFilesOf(definition),
    wants: () => true,
    brought: broughtFolders(definition, context.paths),
    plainFiles: join(definition.folder, 'files'),
    keyring: context.keys.mirror,
  };
}

/** Packages that the repo lacks, and those that rehearsal packages share among themselves. */
async function rehearsalEdition(
  definition: RepoDefinition,
  missing: readonly string[],
  context: EnsureRepoContext,
): Promise<Edition> {
  const places = definition.rehearsal.flatMap((cookbook) =>
    context.cookbookFolders.map(({ path, bound }) => ({
      buildFile: join(path, cookbook, 'rehearsal', 'build.yaml'),
      projectRoot: bound,
    })),
  );
  const there = await Promise.all(places.map(({ buildFile }) => lstatIfThere(buildFile)));
  return {
    repo: definition.name + REHEARSAL_SUFFIX,
    buildFiles: places.filter((_, index) => there[index] !== undefined),
    wants: (name) => missing.includes(name) || !definition.packages.includes(name),
    brought: [],
    plainFiles: null,
    release: REHEARSAL_RELEASE,
    keyring: context.keys.rehearsal,
  };
}

function present(real: readonly RepoRecord[], rehearsed: readonly RepoRecord[]): BuiltRepo['records'] {
  const all = [
    ...real.map((record) => ({ record, rehearsal: false })),
    ...rehearsed.map((record) => ({ record, rehearsal: true })),
  ];
  return all.flatMap(({ record, rehearsal }) =>
    record.snapshot === null ? [] : [{ record, rehearsal, snapshot: record.snapshot }],
  );
}

function lacking(definition: RepoDefinition, records: readonly RepoRecord[]): readonly string[] {
  const there = new Set(records.flatMap(({ packages }) => packages.map(({ name }) => name)));
  return definition.packages.filter((name) => !there.has(name));
}

async function lockRepo(
  repo: BuiltRepo,
  all: readonly BuiltRepo[],
  context: EnsureRepoContext,
): Promise<readonly RepoLock[]> {
  const locks: RepoLock[] = [];
  for (const { record, snapshot, rehearsal } of repo.records) {
    const closure = await closureOf({ record, repo, all }, context);
    const head = { formatVersion: 1, repo: record.repo, template: context.template, snapshot, rehearsal } as const;
    locks.push({ ...head, ...closure });
  }
  return locks;
}

/** Those packages of the repo's closure that are in this one of its snapshots. */
async function closureOf(
  { record, repo, all }: { readonly record: RepoRecord; readonly repo: BuiltRepo; readonly all: readonly BuiltRepo[] },
  context: EnsureRepoContext,
): Promise<SolvedClosure> {
  const sources = withRequired(repo, all).flatMap(({ records }) => records);
  const question = [
    SOLVER_REVISION,
    context.template,
    repo.definition.packages,
    sources.map(({ snapshot }) => snapshot),
  ];
  const key = createHash('sha256').update(JSON.stringify(question)).digest('hex');
  // A repo of plain files alone has nothing to solve.
  if (repo.definition.packages.length === 0) return { packages: [], sources: [record.repo] };
  const known = record.closures[key];
  if (known !== undefined) return known;
  context.tools.onProgress(`${record.repo}: solving its packages in the template`);
  const solved = await solveClosure(
    {
      repo: repo.definition.name,
      packages: repo.definition.packages,
      repos: sources.map((source) => ({
        name: source.record.repo,
        folder: snapshotPath(context.paths, source.snapshot),
      })),
    },
    context.template,
    context.templateShell,
  );
  const chosen = new Set(solved.filter((each) => each.repo === record.repo).map(({ nevra }) => nevra));
  const closure = {
    packages: record.packages.filter(({ nevra }) => chosen.has(nevra)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    sources: [...new Set(solved.map((each) => each.repo))].sort(),
  };
  await context.guard();
  await writeRepoRecord(context.paths.records, withClosure(record, key, closure));
  return closure;
}

/** The repo and those it requires, directly or not: the same for whoever asks, so that its lock is, too. */
function withRequired(repo: BuiltRepo, all: readonly BuiltRepo[]): readonly BuiltRepo[] {
  const names = new Set<string>([repo.definition.name]);
  // Required repos come first in the list, so one pass from its end meets every requirer before what it requires.
  for (const { definition } of [...all].reverse()) {
    if (names.has(definition.name)) definition.requires.forEach((name) => names.add(name));
  }
  return all.filter(({ definition }) => names.has(definition.name));
}

function packagesMissing(definition: RepoDefinition, missing: readonly string[], paths: MirrorPaths): BdeError {
  const folders = broughtFolders(definition, paths).join(' or ');
  return repoFailed(
    `The package repo ${definition.name} lacks ${missing.join(', ')}, and nothing here can build them.`,
    {
      hint:
        `Put the RPMs into ${folders} and run: bde repo build ${definition.name}; ` +
        'or rehearse the cluster without them: bde cluster create --rehearse',
      data: { repo: definition.name, missing },
    },
  );
}
