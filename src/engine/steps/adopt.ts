import { BdeError } from '../../errors/bde-error.js';
import type { Digest } from '../../errors/ids.js';
import type { AdoptStep } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { OperationContext } from '../context.js';
import { checkEpoch, refuseHigherEpoch } from '../refuse-higher-epoch.js';
import type { StepOutcome } from '../run-steps.js';

/** How long a node may take to answer: its machine runs already. */
const ANSWER_MS = 10_000;

/** What taking over a node gave. */
type Adopted =
  | { readonly isReached: true; readonly applied: Readonly<Record<string, Digest>> }
  | { readonly isReached: false; readonly why: string };

/**
 * Raises the epoch on a node and takes what it says is applied there for true. One that cannot be reached is left as the
 * record has it: whatever comes to it later bears our epoch.
 *
 * @throws BdeError `LEASE_LOST` where the node has seen a higher epoch than ours
 */
export async function performAdoptStep(step: AdoptStep, context: OperationContext): Promise<StepOutcome> {
  const adopted = await context.journal.effect({
    stepId: step.id,
    name: { kind: 'adopt', node: step.node },
    ref: { epoch: context.lease.epoch },
    act: () => adopt(step, context),
  });
  if (adopted.isReached) await recordApplied(step, adopted.applied, context);
  return { state: 'done', detail: adopted.isReached ? { isReached: true } : adopted };
}

async function adopt({ node }: AdoptStep, context: OperationContext): Promise<Adopted> {
  const { links, lease, signal } = context;
  try {
    const link = await links.to(node, signal, ANSWER_MS);
    const hello = await link.hello();
    checkEpoch(hello.epoch, { node, context });
    await refuseHigherEpoch(link, { node, context }, link.fence(lease.epoch, null));
    return { isReached: true, applied: hello.applied };
  } catch (error) {
    if (!(error instanceof BdeError) || error.exitCode !== 6) throw error;
    return { isReached: false, why: error.message };
  }
}

async function recordApplied(
  { node }: AdoptStep,
  applied: Readonly<Record<string, Digest>>,
  context: OperationContext,
): Promise<void> {
  await changeAsHolder(context, async (tables) => {
    const [record] = await tables.nodes.listNodes(context.cluster.id, node);
    if (record !== undefined) await tables.nodes.putNode({ ...record, applied });
  });
}
