import accounts from '../shell/accounts.sh';
import files from '../shell/files.sh';
import lack from '../shell/lack.sh';
import script from './authorized_key.sh';
import { lineOf } from './edit-call.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceKind } from './resource-kind.js';

type Problem = ResolveContext['problem'];

/** Keys by which one may log in as a user, in the `authorized_keys` of its home. */
export const authorizedKey: ResourceKind = {
  kind: 'authorized_key',
  revision: 1,
  scripts: [files, accounts, lack, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const name = reader.word(null);
    const user = reader.word('user', name);
    const state = reader.choice('state', ['present', 'absent']);
    const exclusive = reader.flag('exclusive', false);
    if (exclusive && state === 'absent') throw problem('exclusive', 'is true beside "state: absent"');
    const keys = reader.list('key').map((text) => parseKey(text, problem));
    if (keys.length === 0) throw problem(null, 'has to have "key"');
    const options = optionsOf(reader, problem);
    const lines = keys.map(({ written }) => (options === '' ? written : `${options} ${written}`));
    return {
      parameters: { user, state, exclusive, lines },
      function: 'authorized_key',
      arguments: [
        user,
        state,
        exclusive ? 'exclusive' : '',
        ...lines.map((line, at) => `${keys[at]?.base64 ?? ''} ${line}`),
      ],
      probes: { users: [user] },
    };
  },
};

interface PublicKey {
  /** What tells it from other keys. */
  readonly base64: string;
  /** `ssh-ed25519 AAAA… someone@somewhere` */
  readonly written: string;
}

function parseKey(text: string, problem: Problem): PublicKey {
  const written = text.trim();
  const [, base64] = /^(?:ssh|ecdsa|sk)-[\w@.-]+ ([A-Za-z0-9+/]{40,}={0,2})(?: [^\n\r\0]*)?$/.exec(written) ?? [];
  if (base64 !== undefined) return { base64, written };
  const allowed =
    'the one line of a public key, such as "ssh-ed25519 AAAA… someone@somewhere"; options stand in "options"';
  throw problem('key', `is ${JSON.stringify(written.slice(0, 40))}; allowed is ${allowed}`);
}

/** What sshd lets the key do: `from="10.0.0.0/8",no-pty`. Blanks may only be inside of quotes. */
function optionsOf(reader: ParameterReader, problem: Problem): string {
  if (!reader.has('options')) return '';
  const options = lineOf(reader.text('options'), () => problem('options', 'is no line: it is empty or has a line end'));
  if (/^(?:[^"\s]|"(?:[^"\\]|\\.)*")+$/.test(options)) return options;
  throw problem('options', `is ${JSON.stringify(options)}; blanks may be inside of double quotes only`);
}
