import accounts from '../shell/accounts.sh';
import files from '../shell/files.sh';
import script from './user.sh';
import { hasSecretToken, maskSecrets } from '../secret-token.js';
import { sha256 } from '../sha256.js';
import type { CompileInput, Json } from '../types.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceCall, ResourceKind } from './resource-kind.js';

/** A user of the node; its home folder is a `directory`. */
export const user: ResourceKind = {
  kind: 'user',
  revision: 1,
  scripts: [files, accounts, script],
  resolve(resource, { input, problem }) {
    const reader = readParameters(resource, problem);
    const name = reader.word(null);
    if (reader.choice('state', ['present', 'absent']) === 'absent') return absentUser(name);
    const uid = reader.has('uid') ? String(reader.number('uid', 0)) : '';
    const group = reader.has('group') ? reader.word('group') : '';
    const groups = reader.list('groups');
    const home = reader.has('home') ? reader.path('home') : '';
    const shell = reader.has('shell') ? reader.path('shell') : '';
    const comment = commentOf(reader, problem);
    const system = reader.flag('system', false);
    const hash = reader.has('password_hash') ? hashOf(reader, problem) : null;
    return {
      parameters: { name, uid, group, groups, home, shell, comment, system, ...digestOfHash(hash, input) },
      function: 'user',
      arguments: [
        ...[name, uid, group, groups.join(','), home, shell, comment, system ? 'system' : ''],
        ...(hash === null ? [] : [{ content: hash }]),
      ],
      probes: { users: [name], groups: [...new Set([name, ...(group === '' ? [] : [group]), ...groups])] },
    };
  },
};

function absentUser(name: string): ResourceCall {
  return {
    parameters: { name, state: 'absent' },
    function: 'user_absent',
    arguments: [name],
    probes: { users: [name], groups: [name] },
  };
}

/** A hash that is written in the recipe is checked here, a secret one on the node; no password fits `*`. */
function hashOf(reader: ParameterReader, problem: ResolveContext['problem']): string {
  const hash = reader.text('password_hash');
  if (hasSecretToken(hash) || /^(?:\*|\$[\w./$,=+-]+)$/.test(hash)) return hash;
  throw problem('password_hash', 'is no hash such as crypt(3) gives', 'Make one: mkpasswd --method=yescrypt.');
}

/** Whoever reads a plan learns nothing of the hash. */
function digestOfHash(hash: string | null, { secretMac }: CompileInput): Readonly<Record<string, Json>> {
  return hash === null ? {} : { passwordHash: sha256(maskSecrets(hash, secretMac)) };
}

/** One field of a line of /etc/passwd. */
function commentOf(reader: ParameterReader, problem: ResolveContext['problem']): string {
  const comment = reader.text('comment', '');
  if (/[:\n]/.test(comment)) throw problem('comment', 'has a colon or a line end');
  return comment;
}
