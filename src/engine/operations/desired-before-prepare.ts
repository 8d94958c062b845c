import { isMirrorRepo } from '../../cookbook/resources/package-repo.js';
import { isLockedPackage } from '../../cookbook/resources/package.js';
import type { ResolvedResource } from '../../cookbook/types.js';
import type { Digest } from '../../errors/ids.js';
import type { Desired, DesiredNode } from '../../plan/desired.js';
import { desiredState, type KnownFacts, type PackagesDigest } from '../desired-state.js';
import type { PinnedContent, PinnedHome } from '../pins.js';
import type { Workspace } from '../workspace.js';

/**
 * What is desired, as far as it is known before package repos are looked after: which versions of packages there will be is
 * not, and so no digest that they enter is.
 */
export async function desiredBeforePrepare(
  workspace: Workspace,
  given: { readonly facts: KnownFacts; readonly hasOtherRepos: boolean },
): Promise<Desired> {
  const desired = await desiredState(workspace, given.facts, unlockedPackages);
  const compiler = await workspace.compiler.atOnce();
  const isLater = (resource: ResolvedResource): boolean =>
    isLockedPackage(resource) || (given.hasOtherRepos && isMirrorRepo(resource));
  const digestNow = async (node: DesiredNode, [key, digest]: readonly [string, Digest | null]) => {
    if (digest === null) return [key, null] as const;
    const { resources } = await compiler.outline(node.name, key);
    return [key, resources.some(isLater) ? null : digest] as const;
  };
  const nodes: DesiredNode[] = [];
  for (const node of desired.nodes) {
    const digests = await Promise.all(Object.entries(node.digests).map((each) => digestNow(node, each)));
    nodes.push({ ...node, digests: Object.fromEntries(digests) });
  }
  return { ...desired, nodes };
}

const unlockedPackages: PackagesDigest = async (compiler, node) =>
  (await compiler.packageNames(node)).length === 0 ? undefined : null;

/** Inputs with repos whose contents are not known yet: nothing of them is locked. */
export function contentBeforePrepare(content: PinnedContent, hasOtherRepos: boolean): PinnedContent {
  const { home, distro } = content;
  if (home === null) return content;
  return {
    ...content,
    home: { ...home, locks: hasOtherRepos ? distro.repos.map((repo) => unbuilt(repo, home)) : home.locks.map(emptied) },
  };
}

type Lock = PinnedHome['locks'][number];

function emptied(lock: Lock): Lock {
  return { ...lock, packages: [] };
}

function unbuilt(repo: string, { template }: PinnedHome): Lock {
  const nothing = { formatVersion: 1, snapshot: '' as Digest, rehearsal: false, packages: [] } as const;
  return { ...nothing, repo, template, sources: [repo] };
}
