import type { ErrorCode } from '../errors/codes.js';
import type { FindingText } from '../spec/document/finding.js';
import { yamlTrap } from '../spec/document/yaml-trap.js';
import type { ValueProblem } from './value-schema.js';

/** Something in attributes that no cookbook declares so; with a path from the attributes' root, for `findingAt`. */
export interface AttributeProblem {
  readonly path: readonly (string | number)[];
  /** `the attribute web.heapMiB` */
  readonly what: string;
  readonly part: 'key' | 'value';
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly misread?: ValueProblem['misread'];
}

/** The problem as a finding's text; `file` and `written` say how the value stands there, in case YAML misread it. */
export function attributeFinding(problem: AttributeProblem, file: string, written: string | undefined): FindingText {
  const { what, code, message, hint, misread } = problem;
  const trap = misread === undefined ? undefined : yamlTrap(file, written, misread.value);
  if (trap === undefined || misread === undefined) return { code, message, hint };
  return { code, message: `${what} is ${trap.found}; allowed is ${misread.allowed}`, hint: trap.hint };
}
