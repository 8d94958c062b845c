import files from '../shell/files.sh';
import packagesScript from '../shell/packages.sh';
import type { CompileInput, Json } from '../types.js';
import { evraOf } from './nevra.js';
import holds from './package_holds.sh';
import { mirrorRepoId } from './package-repo.js';
import script from './packages.sh';
import type { ResourceCall } from './resource-kind.js';
import type { WantedPackage } from './wanted-package.js';

/** Raised only when what older revisions left on nodes is wrong. */
export const PACKAGES_REVISION = 1;

/** Shell functions of the package step. */
export const PACKAGES_SCRIPTS: readonly string[] = [files, packagesScript, holds, script];

/** The one transaction that brings these packages to a node, those of the mirror in their locked versions. */
export function packagesCall(wanted: readonly WantedPackage[], input: CompileInput): ResourceCall {
  const repos = neededRepos(namesOf(wanted, 'locked'), input).map(mirrorRepoId);
  const held = wanted.filter(({ hold }) => hold).map(({ name }) => name);
  return {
    parameters: writtenPackages(wanted, held, input),
    function: 'packages',
    arguments: [repos.join(','), held.join(','), ...wanted.flatMap((each) => packageArguments(each, input))],
    probes: { packages: wanted.map(({ name }) => name) },
  };
}

/** Lists that are empty are left out, so that a node without such packages keeps its digest. */
function writtenPackages(
  wanted: readonly WantedPackage[],
  held: readonly string[],
  { lockedPackages }: CompileInput,
): Readonly<Record<string, Json>> {
  const locked = namesOf(wanted, 'locked').map((name) => [name, lockedPackages[name] ?? name] as const);
  const ofNode = wanted.filter(({ how }) => how === 'node').map(({ name, version }) => [name, version ?? ''] as const);
  const absent = namesOf(wanted, 'absent');
  return {
    locked: Object.fromEntries(locked),
    ...(ofNode.length === 0 ? {} : { node: Object.fromEntries(ofNode) }),
    ...(absent.length === 0 ? {} : { absent }),
    ...(held.length === 0 ? {} : { held }),
  };
}

function namesOf(wanted: readonly WantedPackage[], how: WantedPackage['how']): readonly string[] {
  return wanted.filter((each) => each.how === how).map(({ name }) => name);
}

function packageArguments({ name, how, version }: WantedPackage, { lockedPackages }: CompileInput): readonly string[] {
  if (how !== 'locked') return [how, name, version ?? '', ''];
  const nevra = lockedPackages[name] ?? name;
  return [how, name, evraOf(name, nevra), nevra];
}

/** Each repo costs a node a tenth of a second of CPU time for its metadata and their signature. */
function neededRepos(names: readonly string[], { mirror, packageSources }: CompileInput): readonly string[] {
  const all = (mirror?.repos ?? []).map((repo) => repo.name);
  const needed = new Set(names.flatMap((name) => packageSources[name] ?? all));
  return all.filter((name) => needed.has(name));
}
