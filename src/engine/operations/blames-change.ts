import type { BdeError } from '../../errors/bde-error.js';
import type { Silence } from '../steps/ask-probe.js';

/**
 * Whether a failure of an operation may come from what it changes on nodes: a recipe, a probe that answers no, a node to which
 * no work can be given back, an acceptance test. Machines, connections, packages and bde itself are another matter: nothing
 * gets better by going back.
 */
export function blamesChange(error: BdeError): boolean {
  return [error, ...error.failures].some(blames);
}

function blames({ code, data, subject }: BdeError): boolean {
  switch (code) {
    case 'CONVERGE_FAILED':
    case 'ACCEPTANCE_FAILED':
      return true;
    case 'READY_TIMEOUT':
      return hasAnswered(data);
    case 'MEMBERSHIP_FAILED':
      return subject.step?.startsWith('undrain/') === true;
    default:
      return false;
  }
}

/** Some node could be asked, and said no. */
function hasAnswered({ waiting = [], unreached = [] }: Partial<Silence>): boolean {
  return waiting.some((node) => !unreached.includes(node));
}
