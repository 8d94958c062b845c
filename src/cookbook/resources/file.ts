import files from '../shell/files.sh';
import script from './file.sh';
import { absentCall } from './absent-call.js';
import { fileCall, wantedFile } from './file-call.js';
import { contentOf } from './content-of.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A file of the cookbook as it is, or a short content that the recipe holds; or none. */
export const file: ResourceKind = {
  kind: 'file',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { input, cookbook, problem }) {
    const reader = readParameters(resource, problem);
    const path = reader.path(null);
    if (reader.choice('state', ['present', 'absent']) === 'absent') return absentCall(path, 'file');
    const content = contentOf(reader, cookbook, problem);
    return { ...fileCall(wantedFile(reader, path, content), input), function: 'file' };
  },
};
