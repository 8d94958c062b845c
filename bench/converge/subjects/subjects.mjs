import { ansiblePipeliningSubject, ansibleSubject, mitogenSubject } from './ansible.mjs';
import { bdeExecSubject, bdeRoleSubject, bdeSubject } from './bde.mjs';
import { pyinfraSubject } from './pyinfra.mjs';
import { rawBatchedSubject, rawOpenSubject, rawSubject } from './raw.mjs';

/**
 * What is measured.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {readonly string[]} [phases] which it can do; all where it is not given
 * @property {() => Promise<unknown>} open makes what it needs before its first run; not measured
 * @property {() => Promise<unknown>} reset takes back what its last phase left on the controller; not measured
 * @property {(greeting: string) => void} setValue writes the attribute where the tool reads it; not measured
 * @property {(phase: string) => { argv: string[], environment: Record<string, string> }} command the run
 * @property {(output: { stdout: string, stderr: string }, phase: string) => number} countChanges how much that run says it changed, over
 *   all nodes
 * @property {() => Promise<unknown>} close takes away what it leaves behind; not measured
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

/**
 * Subjects of these names, in that order.
 *
 * @param {readonly string[]} names
 * @returns {readonly Subject[]}
 */
export function createSubjects(bench, names) {
  return names.map((name) => ({
    open: NOTHING,
    reset: NOTHING,
    setValue: NOTHING,
    close: NOTHING,
    ...SUBJECTS[name](bench),
  }));
}
