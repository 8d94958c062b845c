import { BdeError } from '../errors/bde-error.js';
import type { Digest } from '../errors/ids.js';
import { assembleScript } from './assemble-script.js';
import { recallRun } from './compile-memo.js';
import type { Cookbook } from './cookbook.js';
import { digestRun } from './digest-run.js';
import { NO_GUARDS } from './inclusions.js';
import { mergeWantedPackages } from './merge-wanted-packages.js';
import { resolveKinds } from './resolve-run.js';
import { packagesCall, PACKAGES_REVISION, PACKAGES_SCRIPTS } from './resources/packages.js';
import type { ResourceCall } from './resources/resource-kind.js';
import type { WantedPackage } from './resources/wanted-package.js';
import type { CompiledRun, CompileInput, ResolvedResource } from './types.js';

const ID = 'packages[node]';
const UNBOUND = { retry: null, timeoutSeconds: null };

/**
 * The one package step of a node: all that its roles ask for, in one transaction, the mirror's in locked versions; null where they
 * ask for nothing. The input's own role does not matter.
 *
 * @throws BdeError `PREFLIGHT_FAILED` where a package is not locked, `COOKBOOK_INVALID`, `RENDER_FAILED`
 */
export function compilePackages(input: CompileInput, cookbooks: readonly Cookbook[]): CompiledRun | null {
  const described = describePackages(input, cookbooks);
  if (described === null) return null;
  const { call, resources } = described;
  const resource = {
    id: ID,
    scripts: PACKAGES_SCRIPTS,
    call,
    guards: NO_GUARDS,
    groups: [],
    limits: UNBOUND,
    guardSeconds: null,
    raises: [],
    atOnce: [],
    settles: [],
    memory: null,
  };
  return {
    resources,
    digest: digestPackages(resources),
    ...assembleScript({ resources: [resource], delayed: [], facts: [], mirror: input.mirror }),
    secrets: [],
  };
}

/**
 * The digest of that step alone: all that planning asks for; null where there is none.
 *
 * @throws as `compilePackages`
 */
export function compilePackagesDigest(input: CompileInput, cookbooks: readonly Cookbook[]): Digest | null {
  return recallRun(input, cookbooks, 'packages', (observed) => {
    const described = describePackages(observed, cookbooks);
    return described === null ? null : digestPackages(described.resources);
  });
}

function describePackages(
  input: CompileInput,
  cookbooks: readonly Cookbook[],
): { readonly call: ResourceCall; readonly resources: readonly ResolvedResource[] } | null {
  const asked = input.node.roles.map((role) => ({ role, packages: wantedPackages({ ...input, role }, cookbooks) }));
  const wanted = mergeWantedPackages(asked);
  if (wanted.length === 0) return null;
  refuseUnlocked(wanted, input);
  const call = packagesCall(wanted, input);
  const source = `run lists of ${input.node.roles.join(', ')}`;
  return { call, resources: [{ id: ID, kind: 'packages', parameters: call.parameters, source }] };
}

function digestPackages(resources: readonly ResolvedResource[]): Digest {
  return digestRun(resources, () => PACKAGES_REVISION);
}

/**
 * Names of the packages that a role asks for on a node, sorted; needs no lock.
 *
 * @throws BdeError `COOKBOOK_INVALID`, `RENDER_FAILED`
 */
export function packageNames(input: CompileInput, cookbooks: readonly Cookbook[]): readonly string[] {
  return recallRun(input, cookbooks, 'package names', (observed) =>
    [...new Set(wantedPackages(observed, cookbooks).map(({ name }) => name))].sort(),
  );
}

function wantedPackages(input: CompileInput, cookbooks: readonly Cookbook[]): readonly WantedPackage[] {
  return resolveKinds(input, cookbooks, ['package']).flatMap(({ call }) => call.package ?? []);
}

function refuseUnlocked(wanted: readonly WantedPackage[], input: CompileInput): void {
  const locked = wanted.filter(({ how }) => how === 'locked').map(({ name }) => name);
  const missing = locked.filter((name) => input.lockedPackages[name] === undefined);
  if (missing.length === 0) return;
  throw new BdeError('PREFLIGHT_FAILED', `The mirror has no ${missing.join(', ')} for ${input.node.name}`, {
    subject: { node: input.node.name },
    hint: 'Put the RPMs into the folder of their repo and run bde repo build, or create the cluster with --rehearse.',
  });
}
