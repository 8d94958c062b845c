import files from '../shell/files.sh';
import units from '../shell/units.sh';
import script from './service.sh';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';
import { unitName } from './unit-name.js';

/** A unit of systemd: running, stopped or masked, enabled or not. */
export const service: ResourceKind = {
  kind: 'service',
  revision: 1,
  scripts: [files, units, script],
  resolve(resource, { problem }) {
    const reader = readParameters(resource, problem);
    const unit = unitName(reader.word(null));
    const state = reader.choice('state', ['running', 'stopped', 'masked']);
    const enabled = reader.flag('enabled', state === 'running');
    if (state === 'masked' && enabled) throw problem('enabled', 'is true, and a masked unit cannot be');
    return {
      parameters: { unit, state, enabled },
      function: 'service',
      arguments: [unit, state, enabled ? 'yes' : 'no'],
      probes: { units: [unit] },
      actions: {
        restart: { function: 'service_restart', arguments: [unit, state] },
        reload: { function: 'service_reload', arguments: [unit, state] },
      },
      settles: ['restart', 'reload'],
    };
  },
};
