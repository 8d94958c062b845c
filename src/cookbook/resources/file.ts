import files from '../shell/files.sh';
import script from './file.sh';
import { fileCall, wantedFile } from './file-call.js';
import { contentOf } from './content-of.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A file of the cookbook as it is, or a short content that the recipe holds. */
export const file: ResourceKind = {
  kind: 'file',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { input, cookbook, problem }) {
    const reader = readParameters(resource, problem);
    const content = contentOf(reader, cookbook, problem);
    return { ...fileCall(wantedFile(reader, reader.path(null), content), input), function: 'file' };
  },
};
