import type { PublishStep } from '../../plan/plan.js';
import type { OperationContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';

/** Makes the cluster's pinned package snapshots visible to its nodes, after looking that the mirror answers. */
export async function performPublishStep(step: PublishStep, context: OperationContext): Promise<StepOutcome> {
  const { mirror } = context.deps;
  const { locks, hostAddress } = context.workspace.prepared;
  await context.journal.effect({
    stepId: step.id,
    name: { kind: 'publish' },
    ref: { snapshots: locks.map((lock) => lock.snapshot) },
    act: async () => {
      await context.home.ensureServing(hostAddress);
      await mirror.publish(context.cluster.id, locks, context.lease.guard);
      return {};
    },
  });
  return { state: 'done', detail: { repos: locks.map((lock) => lock.repo) } };
}
