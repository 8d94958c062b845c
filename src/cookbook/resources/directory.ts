import files from '../shell/files.sh';
import script from './directory.sh';
import { absentCall } from './absent-call.js';
import only from './directory_only.sh';
import recursive from './directory_tree.sh';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceCall, ResourceKind } from './resource-kind.js';

/** A folder with its owner and mode, parents that are missing are made; or none. */
export const directory: ResourceKind = {
  kind: 'directory',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const path = reader.path(null);
    const force = reader.flag('force', false);
    if (reader.choice('state', ['present', 'absent']) === 'absent') return absentFolder(path, force, problem);
    if (force) throw problem('force', 'is of use beside "state: absent" only');
    return presentFolder(path, reader, problem);
  },
};

function presentFolder(path: string, reader: ParameterReader, problem: ResolveContext['problem']): ResourceCall {
  const mode = reader.mode('mode', '0755');
  const owner = reader.word('owner', 'root');
  const group = reader.word('group', 'root');
  const call = { arguments: [path, mode, owner, group], probes: { paths: [path] }, path };
  const parameters = { path, mode, owner, group };
  if (reader.has('only')) {
    reader.refuse(['recursive'], '"only"');
    const names = [...new Set(reader.list('only').map((name) => fileName(name, problem)))].sort();
    const own = { arguments: [...call.arguments, ...names], function: 'directory_only', scripts: [only] };
    return { ...call, ...own, parameters: { ...parameters, only: names } };
  }
  if (!reader.flag('recursive', false)) return { ...call, parameters, function: 'directory' };
  return { ...call, parameters: { ...parameters, recursive: true }, function: 'directory_tree', scripts: [recursive] };
}

/** A file's name that `find` takes for nothing else. */
function fileName(name: string, problem: ResolveContext['problem']): string {
  if (/^[\w@:+-][\w.@:+-]*$/.test(name)) return name;
  throw problem('only', `has ${JSON.stringify(name)}; allowed are names of files, of letters, digits and _ . @ : + -`);
}

/** Folders that no node can do without, with all that is in them. */
const KEPT = /^\/(?:[^/]+|(?:usr|var)\/[^/]+|etc\/(?:ssh|systemd|pam\.d)|var\/lib\/(?:bde|dpkg|rpm|systemd))$/;

function absentFolder(path: string, force: boolean, problem: ResolveContext['problem']): ResourceCall {
  if (force && KEPT.test(path)) throw problem('force', `would take ${path} away with all that is in it`);
  return absentCall(path, 'directory', force);
}
