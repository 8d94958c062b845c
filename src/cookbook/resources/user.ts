import accounts from '../shell/accounts.sh';
import files from '../shell/files.sh';
import script from './user.sh';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceKind } from './resource-kind.js';

/** A user of the node; its home folder is a `directory`. */
export const user: ResourceKind = {
  kind: 'user',
  revision: 1,
  scripts: [files, accounts, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const name = reader.word(null);
    const uid = reader.has('uid') ? String(reader.number('uid', 0)) : '';
    const group = reader.has('group') ? reader.word('group') : '';
    const groups = reader.list('groups');
    const home = reader.has('home') ? reader.path('home') : '';
    const shell = reader.has('shell') ? reader.path('shell') : '';
    const comment = commentOf(reader, problem);
    const system = reader.flag('system', false);
    return {
      parameters: { name, uid, group, groups, home, shell, comment, system },
      function: 'user',
      arguments: [name, uid, group, groups.join(','), home, shell, comment, system ? 'system' : ''],
      probes: { users: [name], groups: [...new Set([name, ...(group === '' ? [] : [group]), ...groups])] },
    };
  },
};

/** One field of a line of /etc/passwd. */
function commentOf(reader: ParameterReader, problem: ResolveContext['problem']): string {
  const comment = reader.text('comment', '');
  if (/[:\n]/.test(comment)) throw problem('comment', 'has a colon or a line end');
  return comment;
}
