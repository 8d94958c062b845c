import type { WithdrawStep } from '../../plan/plan.js';
import type { ClusterContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';

/** Takes the cluster out of the mirror; with the last cluster of the home, the mirror's helper and the network go too. */
export async function performWithdrawStep(step: WithdrawStep, context: ClusterContext): Promise<StepOutcome> {
  const { store, mirror, provider } = context.deps;
  const isLast = (await store.clusters.list()).every((other) => other.id === context.cluster.id);
  await context.journal.effect({
    stepId: step.id,
    name: { kind: 'withdraw' },
    ref: { isLast },
    act: async () => {
      await mirror.publish(context.cluster.id, [], context.lease.guard);
      if (isLast) {
        await mirror.stop();
        await provider.network?.removeNetwork(context.lease.guard);
      }
      return {};
    },
  });
  return { state: 'done', detail: { isLast } };
}
