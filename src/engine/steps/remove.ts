import type { RemoveStep } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { OperationContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';
import { performRun } from './perform-run.js';

/** Where a node notes the digest of each key after its last success. */
const APPLIED_FOLDER = '/var/lib/bde/applied';
const FORGET_MS = 60_000;

/** Runs a role's `remove` recipes on a node that lives on, then forgets that the role was ever applied there. */
export async function performRemoveStep(step: RemoveStep, context: OperationContext): Promise<StepOutcome> {
  const { id, node, role } = step;
  const { links, signal, workspace, cluster } = context;
  const compiled = await workspace.compiler.roleRun(node, role, { which: 'remove' });
  if (compiled === null) throw new TypeError(`the plan removes ${role}, which has no recipes for that`);
  const result = await performRun({ stepId: id, node, key: role, compiled }, context);
  const link = await links.to(node, signal);
  // Left there it is no harm: the next look at the node would only plan the same removal again.
  await link.command(['rm', '-f', `${APPLIED_FOLDER}/${role}`], { timeoutMs: FORGET_MS, signal });
  await changeAsHolder(context, async (tables) => {
    const [record] = await tables.nodes.listNodes(cluster.id, node);
    if (record === undefined) return;
    const { [role]: _removed, ...applied } = record.applied;
    await tables.nodes.putNode({ ...record, applied, memberOf: record.memberOf.filter((each) => each !== role) });
    await tables.facts.removeOfNode(cluster.id, node, role);
  });
  return { state: 'done', detail: { changed: result.counts.changed ?? 0 } };
}
