import type { CompiledRun } from '../../cookbook/types.js';
import type { NodeName, StepId } from '../../errors/ids.js';

/** A compiled run to perform on a node, under a key of its own there. */
export interface RunOrder {
  readonly stepId: StepId;
  readonly node: NodeName;
  /** A role, or `packages`; for what is done once more, the role and what is done: `ROLE.backup`. */
  readonly key: string;
  readonly compiled: CompiledRun;
  /** It is done once more, and makes nothing so: the node does not note its digest. */
  readonly isAct?: boolean;
}
