import type { CompiledRun } from '../../cookbook/types.js';
import type { NodeName, StepId } from '../../errors/ids.js';

/** A compiled run to perform on a node, under a key of its own there. */
export interface RunOrder {
  readonly stepId: StepId;
  readonly node: NodeName;
  /** A role, or `packages`. */
  readonly key: string;
  readonly compiled: CompiledRun;
}
