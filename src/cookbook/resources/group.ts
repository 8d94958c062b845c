import accounts from '../shell/accounts.sh';
import files from '../shell/files.sh';
import script from './group.sh';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A group of the node. */
export const group: ResourceKind = {
  kind: 'group',
  revision: 1,
  scripts: [files, accounts, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const name = reader.word(null);
    const gid = reader.has('gid') ? String(reader.number('gid', 0)) : '';
    const system = reader.flag('system', false);
    return {
      parameters: { name, gid, system },
      function: 'group',
      arguments: [name, gid, system ? 'system' : ''],
      probes: { groups: [name] },
    };
  },
};
