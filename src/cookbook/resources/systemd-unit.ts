import files from '../shell/files.sh';
import units from '../shell/units.sh';
import script from './systemd_unit.sh';
import { fileCall } from './file-call.js';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';
import { unitName } from './unit-name.js';

/** A unit file below /etc/systemd/system, from a template; systemd reads it again by itself. */
export const systemdUnit: ResourceKind = {
  kind: 'systemd_unit',
  revision: 1,
  scripts: [files, units, script],
  resolve(resource, { input, renderTemplate, problem }) {
    const reader = readParameters(resource, problem);
    const unit = unitName(reader.word(null));
    if (reader.has('content') === reader.has('source'))
      throw problem(null, 'has to have one of "source" and "content"');
    const content = reader.has('content') ? reader.text('content') : renderTemplate(reader.text('source'));
    const path = `/etc/systemd/system/${unit}`;
    const call = fileCall({ path, mode: '644', owner: 'root', group: 'root', content, seed: false }, input);
    return {
      ...call,
      function: 'systemd_unit',
      arguments: [unit, ...call.arguments],
      probes: { ...call.probes, units: [unit] },
    };
  },
};
