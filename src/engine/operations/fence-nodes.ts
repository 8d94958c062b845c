import { BdeError } from '../../errors/bde-error.js';
import type { NodeName, RunId } from '../../errors/ids.js';
import { flattenSteps, type Plan, type Step } from '../../plan/plan.js';
import { emitEvent, type ClusterContext } from '../context.js';
import type { JournalData } from '../journal.js';
import { refuseHigherEpoch } from '../refuse-higher-epoch.js';

/** How long a node may take to answer when a new holder of the lease fences it. */
const FENCE_CONNECT_MS = 5_000;

/**
 * After a take-over, before any step: raises the epoch on every machine that answers, adopting the run that the journal
 * has open there, so that nothing else of the former holder acts any more. A machine that cannot be reached is told and
 * left: what comes to it later bears our epoch, and a run of the former holder ends at it.
 *
 * @throws BdeError `LEASE_LOST` where a node has seen a higher epoch than ours
 */
export async function fenceNodes(plan: Plan, context: ClusterContext): Promise<void> {
  if (!context.lease.takenOver) return;
  const machines = await context.deps.store.nodes.listMachines(context.cluster.id);
  const current = machines.filter((each) => each.standing === 'current').map((each) => each.nodeName);
  await Promise.all([...new Set(current)].map((node) => fenceNode(node, plan, context)));
}

async function fenceNode(node: NodeName, plan: Plan, context: ClusterContext): Promise<void> {
  const { lease, links, signal } = context;
  try {
    const link = await links.to(node, signal, FENCE_CONNECT_MS);
    await refuseHigherEpoch(link, { node, context }, link.fence(lease.epoch, openRun(node, plan, context)));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    await emitEvent(context.deps, {
      kind: 'fence-skipped',
      clusterId: context.cluster.id,
      operationId: context.operation.id,
      node,
      text: `${node} cannot be reached and is not fenced: ${error.message}`,
    });
  }
}

/** Whatever keeps us out of a node: a step that needs the node meets it again, and says so there. */
function isUnreachable(error: unknown): error is BdeError {
  return error instanceof BdeError && error.exitCode === 6;
}

function openRun(node: NodeName, plan: Plan, context: ClusterContext): RunId | null {
  for (const step of flattenSteps(plan.steps)) {
    const open = context.journal.history(step.id).open['run'];
    if (open !== undefined && placeOf(step, open) === node) return open['runId'] as RunId;
  }
  return null;
}

/** Which node a step runs on is decided when its turn comes where the step itself does not say. */
function placeOf(step: Step, open: JournalData): unknown {
  return 'node' in step ? step.node : open['node'];
}
