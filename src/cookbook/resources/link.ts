import files from '../shell/files.sh';
import units from '../shell/units.sh';
import script from './link.sh';
import { absentCall } from './absent-call.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** A symbolic link; or none. */
export const link: ResourceKind = {
  kind: 'link',
  revision: 1,
  scripts: [files, units, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const path = reader.path(null);
    if (reader.choice('state', ['present', 'absent']) === 'absent') return absentCall(path, 'link');
    if (!reader.has('to')) throw problem(null, 'has to have "to"');
    const to = reader.text('to');
    // eslint-disable-next-line no-control-regex -- control characters are what this refuses
    if (to === '' || /[\u0000-\u001f\u007f]/.test(to))
      throw problem('to', `is ${JSON.stringify(to)}, which is no path`);
    const force = reader.flag('force', false);
    return {
      parameters: { path, to, force },
      function: 'link',
      arguments: [path, to, force ? 'force' : ''],
      probes: { paths: [path] },
      path,
    };
  },
};
