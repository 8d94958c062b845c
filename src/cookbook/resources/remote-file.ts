import fetch from '../shell/fetch.sh';
import files from '../shell/files.sh';
import script from './remote_file.sh';
import { mirrorFile } from './mirror-file.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A file of a repo's `files/`, which the node pulls from the mirror itself. */
export const remoteFile: ResourceKind = {
  kind: 'remote_file',
  revision: 1,
  scripts: [files, fetch, script],
  resolve(resource, { input, problem }) {
    const reader = readParameters(resource, problem);
    const path = reader.path(null);
    const mode = reader.mode('mode', '0644');
    const owner = reader.word('owner', 'root');
    const group = reader.word('group', 'root');
    const sum = reader.sum('sha256');
    const { url, caPath } = mirrorFile(reader, input, problem);
    return {
      // Where it is pulled from is no part of what is wanted.
      parameters: { path, mode, owner, group, sha256: sum },
      function: 'remote_file',
      arguments: [path, mode, owner, group, sum, url, caPath],
      probes: { paths: [path], sums: [path] },
      path,
      usesMirror: true,
    };
  },
};
