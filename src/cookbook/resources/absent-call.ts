import absent from '../shell/absent.sh';
import mounts from '../shell/mounts.sh';
import units from '../shell/units.sh';
import type { ResourceCall } from './resource-kind.js';

/** The call that takes away what is at a path; a folder only where it is empty, or by force. */
export function absentCall(path: string, what: 'file' | 'link' | 'directory', force = false): ResourceCall {
  return {
    parameters: { path, state: 'absent', ...(force ? { force } : {}) },
    function: 'absent',
    arguments: [path, what, force ? 'force' : ''],
    probes: { paths: [path] },
    path,
    scripts: [units, mounts, absent],
  };
}
