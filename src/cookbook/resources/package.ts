import packages from '../shell/packages.sh';
import script from './package.sh';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';
import { evraOf } from './nevra.js';

/** A package that the node's one package step lays; the role looks that it is there. */
export const packageKind: ResourceKind = {
  kind: 'package',
  revision: 1,
  scripts: [packages, script],
  resolve(resource, { input, notifies, problem }) {
    const reader = readParameters(resource, problem);
    const name = reader.word(null);
    const locked = input.lockedPackages[name];
    const evra = locked === undefined ? '' : evraOf(name, locked);
    return {
      parameters: { name, evra },
      function: 'package',
      arguments: [name, evra],
      probes: { packages: [name] },
      remembers: notifies,
    };
  },
};
