import { join } from 'node:path';
import type { Mirror, MirrorEndpoint, RepoListing } from '../../engine/ports/mirror.js';
import { TEMPLATE_RECIPE } from '../../engine/prepare.js';
import { BdeError } from '../../errors/bde-error.js';
import { didYouMean } from '../../spec/document/nearest-name.js';
import { quoteText } from '../../spec/document/quote-source.js';
import { openMirror, openProvider } from '../wire.js';
import { findDataFolders, type DataRequest } from './find-data-folders.js';
import { unguarded } from './run-home-operation.js';
import type { Surroundings } from './with-engine.js';
import { withHomeOperation } from './with-home-operation.js';

/** `bde repo list`; `formatVersion` 1. */
export interface RepoListingReport {
  readonly formatVersion: 1;
  readonly repos: readonly RepoListing[];
  /** Where packages are served; null while nothing is. */
  readonly mirror: MirrorEndpoint | null;
}

/** `bde repo build`; `formatVersion` 1. */
export interface BuiltRepo {
  readonly formatVersion: 1;
  /** The repo itself; with `--rehearse` the one of its stand-ins too, where it has any. */
  readonly repos: readonly BuiltRepoLine[];
}

/** One repo with the packages that were solved for it. */
export interface BuiltRepoLine {
  readonly name: string;
  readonly snapshot: string;
  readonly rehearsal: boolean;
  /** As dnf takes them, sorted by name. */
  readonly packages: readonly string[];
}

/** `bde repo stop`; `formatVersion` 1. */
export interface StoppedMirror {
  readonly formatVersion: 1;
  /** Null where nothing was running. */
  readonly stopped: MirrorEndpoint | null;
}

/** Every repo that comes with bde, and those of one's own. */
export async function listRepos(data: DataRequest, projectRoot: string): Promise<RepoListingReport> {
  const mirror = await openMirror(await findDataFolders(data, projectRoot), await openProvider());
  const [repos, endpoint] = await Promise.all([mirror.list(), mirror.status()]);
  return { formatVersion: 1, repos, mirror: endpoint };
}

/**
 * Builds, signs and locks a repo for the template that clusters are cloned from.
 *
 * @throws BdeError `USAGE` for an unknown repo, `TEMPLATE_FAILED`, `REPO_FAILED`
 */
export async function buildRepo(
  order: { readonly name: string; readonly rehearsal: boolean; readonly data: DataRequest },
  { projectRoot, say }: Surroundings,
): Promise<BuiltRepo> {
  const provider = await openProvider();
  const mirror = await openMirror(await findDataFolders(order.data, projectRoot), provider);
  await checkRepoName(order.name, mirror);
  return withHomeOperation(
    { kind: 'repo-build', request: { repo: order.name, rehearsal: order.rehearsal } },
    async () => {
      const template = await provider.provider.ensureTemplate(TEMPLATE_RECIPE, unguarded, say);
      await mirror.ensureTrust(unguarded);
      const options = { template: template.digest, rehearsal: order.rehearsal };
      const locks = await mirror.ensureRepo(order.name, options, unguarded, say);
      const repos = locks.map(({ repo, snapshot, rehearsal, packages }) => ({
        name: repo,
        snapshot,
        rehearsal,
        packages: packages.map(({ nevra }) => nevra),
      }));
      return { formatVersion: 1, repos };
    },
  );
}

async function checkRepoName(name: string, mirror: Mirror): Promise<void> {
  const names = (await mirror.list()).map((repo) => repo.name);
  if (names.includes(name)) return;
  const looked = mirror.folders.map((folder) => join(folder, '<name>', 'repo.yaml'));
  throw new BdeError('USAGE', `There is no repo ${quoteText(name)}${didYouMean(name, names) || '.'}`, {
    hint: `Looked for ${looked.join(' and ')}; --repos names further folders. bde repo list shows which there are.`,
  });
}

/** Stops the mirror's helper where it runs. */
export async function stopMirror(projectRoot: string): Promise<StoppedMirror> {
  const mirror = await openMirror({ projectRoot }, await openProvider());
  const running = await mirror.status();
  await mirror.stop();
  return { formatVersion: 1, stopped: running };
}
