import packages from '../shell/packages.sh';
import script from './package.sh';
import type { ResolvedResource } from '../types.js';
import { evraOf } from './nevra.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceCall, ResourceKind } from './resource-kind.js';
import { isVersionOf, type WantedPackage } from './wanted-package.js';

const KIND = 'package';

/** A package that the node's one package step lays or removes; the role looks that it did. */
export const packageKind: ResourceKind = {
  kind: KIND,
  revision: 1,
  scripts: [packages, script],
  resolve(resource, context) {
    const reader = readParameters(resource, context.problem);
    const name = reader.word(null);
    const isAbsent = reader.choice('state', ['present', 'absent']) === 'absent';
    if (isAbsent) reader.refuse(['version', 'hold', 'from'], 'state: absent');
    const call = isAbsent ? absentCall(name) : presentCall(name, reader, context);
    return { ...call, probes: { packages: [name] }, remembers: !isAbsent && context.notifies };
  },
};

/** Whether a resource asks for a package of the mirror, in the version that is locked. */
export function isLockedPackage({ kind, parameters }: ResolvedResource): boolean {
  return kind === KIND && 'evra' in parameters;
}

function absentCall(name: string): ResourceCall {
  return {
    parameters: { name, state: 'absent' },
    function: 'package_gone',
    arguments: [name],
    package: { name, how: 'absent', version: null, hold: false },
  };
}

/** What is given beside the name alone enters the digest, so that a package without it keeps its own. */
function presentCall(name: string, reader: ParameterReader, context: ResolveContext): ResourceCall {
  const version = reader.has('version') ? reader.word('version') : null;
  const hold = reader.flag('hold', false);
  const given = { ...(version === null ? {} : { version }), ...(hold ? { hold } : {}) };
  const isOfNode = reader.choice('from', ['mirror', 'node']) === 'node';
  const wanted: WantedPackage = { name, how: isOfNode ? 'node' : 'locked', version, hold };
  if (isOfNode) {
    return {
      parameters: { name, from: 'node', ...given },
      function: 'package_of_node',
      arguments: [name, version ?? ''],
      package: wanted,
    };
  }
  const evra = lockedEvra(name, version, context);
  return { parameters: { name, evra, ...given }, function: 'package', arguments: [name, evra], package: wanted };
}

/** Empty where the mirror has no such package: the package step says so, for all of them at once. */
function lockedEvra(name: string, version: string | null, { input, problem }: ResolveContext): string {
  const locked = input.lockedPackages[name];
  if (locked === undefined) return '';
  const evra = evraOf(name, locked);
  if (version === null || isVersionOf(version, evra)) return evra;
  throw problem(
    'version',
    `is ${JSON.stringify(version)}; the mirror has ${locked}`,
    `Put the RPM of that version into the folder of its repo in place of the other and run bde repo build, or ask for ${evra}.`,
  );
}
