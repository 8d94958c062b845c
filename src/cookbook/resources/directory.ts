import files from '../shell/files.sh';
import script from './directory.sh';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A folder with its owner and mode; parents that are missing are made. */
export const directory: ResourceKind = {
  kind: 'directory',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const path = reader.path(null);
    const mode = reader.mode('mode', '0755');
    const owner = reader.word('owner', 'root');
    const group = reader.word('group', 'root');
    return {
      parameters: { path, mode, owner, group },
      function: 'directory',
      arguments: [path, mode, owner, group],
      probes: { paths: [path] },
      path,
    };
  },
};
