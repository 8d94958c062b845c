import { ansiblePipeliningSubject, ansibleSubject, mitogenSubject } from './ansible.mjs';
import { bdeExecSubject, bdeRoleSubject, bdeSubject } from './bde.mjs';
import { pyinfraSubject } from './pyinfra.mjs';
import { rawBatchedSubject, rawOpenSubject, rawSubject } from './raw.mjs';

/**
 * What is measured, by name. A subject has
 *
 * - `open`, `close`: what it needs before its first run and leaves behind; not measured
 * - `setValue(greeting)`: writes the attribute where the tool reads it; not measured
 * - `command(phase)`: argv and environment of the run
 * - `countChanges(output)`: how much that run says it changed, over all nodes
 */
const SUBJECTS = {
  bde: bdeSubject,
  'bde-role': bdeRoleSubject,
  'bde-exec': bdeExecSubject,
  raw: rawSubject,
  'raw-batched': rawBatchedSubject,
  'raw-open': rawOpenSubject,
  pyinfra: pyinfraSubject,
  mitogen: mitogenSubject,
  'ansible-pipelining': ansiblePipeliningSubject,
  ansible: ansibleSubject,
};

const NOTHING = () => Promise.resolve();

export function createSubjects(bench, names) {
  return names.map((name) => ({ open: NOTHING, close: NOTHING, ...SUBJECTS[name](bench) }));
}
