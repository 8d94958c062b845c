import files from '../shell/files.sh';
import script from './template.sh';
import { fileCall, wantedFile } from './file-call.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A file made from a template of the cookbook. */
export const template: ResourceKind = {
  kind: 'template',
  revision: 1,
  scripts: [files, script],
  resolve(resource, { input, renderTemplate, problem }) {
    const reader = readParameters(resource, problem);
    const path = reader.path(null);
    if (reader.has('content') === reader.has('source'))
      throw problem(null, 'has to have one of "source" and "content"');
    const content = reader.has('content') ? reader.text('content') : renderTemplate(reader.text('source'));
    return { ...fileCall(wantedFile(reader, path, content), input), function: 'template' };
  },
};
