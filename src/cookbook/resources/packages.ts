import packagesScript from '../shell/packages.sh';
import script from './packages.sh';
import type { CompileInput } from '../types.js';
import { evraOf } from './nevra.js';
import { mirrorRepoId } from './package-repo.js';
import type { ResourceCall } from './resource-kind.js';

/** Raised only when what older revisions left on nodes is wrong. */
export const PACKAGES_REVISION = 1;

/** Shell functions of the package step. */
export const PACKAGES_SCRIPTS: readonly string[] = [packagesScript, script];

/** The one transaction that brings these packages, each in its locked version, to a node. */
export function packagesCall(names: readonly string[], input: CompileInput): ResourceCall {
  const locked = names.map((name) => ({ name, nevra: input.lockedPackages[name] ?? name }));
  const repos = neededRepos(names, input).map(mirrorRepoId);
  return {
    parameters: { locked: Object.fromEntries(locked.map(({ name, nevra }) => [name, nevra])) },
    function: 'packages',
    arguments: [repos.join(','), ...locked.flatMap(({ name, nevra }) => [name, evraOf(name, nevra), nevra])],
    probes: { packages: names },
  };
}

/** Each repo costs a node a tenth of a second of CPU time for its metadata and their signature. */
function neededRepos(names: readonly string[], { mirror, packageSources }: CompileInput): readonly string[] {
  const all = (mirror?.repos ?? []).map((repo) => repo.name);
  const needed = new Set(names.flatMap((name) => packageSources[name] ?? all));
  return all.filter((name) => needed.has(name));
}
