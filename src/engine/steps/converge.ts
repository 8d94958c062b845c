import type { Digest, NodeName, StepId } from '../../errors/ids.js';
import { isBdeError } from '../../errors/bde-error.js';
import type { ConvergeStep, MemberStep, PackagesStep } from '../../plan/plan.js';
import { PACKAGES_KEY } from '../../plan/desired.js';
import type { CompiledRun } from '../../cookbook/types.js';
import { changeAsHolder } from '../change-as-holder.js';
import { checkRun } from '../check-run.js';
import type { ClusterCompiler } from '../cluster-compiler.js';
import { emitEvent, type OperationContext } from '../context.js';
import { factError } from '../exported-facts.js';
import type { StepOutcome } from '../run-steps.js';
import { performRun } from './perform-run.js';
import type { RunResult } from './run-result.js';

/**
 * Runs the recipes of a role on a node, or installs all packages of a node in one transaction, unless what is known now gives
 * the digest that is applied there already.
 */
export async function performKeyStep(step: KeyStep, context: OperationContext): Promise<StepOutcome> {
  const order = await keyOrderOf(step, context.workspace.compiler);
  if (order === null) return { state: 'unchanged', detail: {} };
  const applied = await appliedDigest(order, context);
  if (!step.force && applied === order.compiled.digest) return { state: 'unchanged', detail: {} };
  // What a run towards other inputs leaves is neither these nor those: going back is a change then, not nothing.
  if (applied !== undefined && applied !== order.compiled.digest) await voidApplied(order, context);
  const run = step.kind === 'packages' || order.compiled.usesMirror ? runWithMirror : performRun;
  return concludeRun(order, await voidingOnFailure(order, run, context), context);
}

/** Whether the step's inputs, as known now, are applied already; null for a step that has none. */
export async function isAppliedStep(step: MemberStep, context: OperationContext): Promise<boolean | null> {
  if (!isKeyStep(step)) return null;
  const { node, force } = step;
  const key = keyOf(step);
  const digest = await context.workspace.compiler.digest(node, key);
  return digest === null || (!force && (await appliedDigest({ node, key }, context)) === digest);
}

/**
 * Whether the step, though it is asked for, would change nothing on its node: its inputs are applied there, and a check says
 * that all is as they want it. A node that cannot be asked is none to say that of.
 */
export async function findsNothing(step: MemberStep, context: OperationContext): Promise<boolean> {
  if (!isKeyStep(step)) return false;
  const { links, workspace, signal, lease } = context;
  const order = await keyOrderOf(step, workspace.compiler);
  if (order === null) return true;
  if ((await appliedDigest(order, context)) !== order.compiled.digest) return false;
  try {
    const link = await links.to(step.node, signal);
    const cluster = { name: context.cluster.name, epoch: lease.epoch };
    const lines = await checkRun({ ...order, link }, { ...context, cluster });
    return lines.every(({ outcome }) => outcome === 'unchanged');
  } catch (error) {
    if (signal.aborted || !isBdeError(error)) throw error;
    return false;
  }
}

type KeyStep = ConvergeStep | PackagesStep;

function isKeyStep(step: MemberStep): step is KeyStep {
  return step.kind === 'converge' || step.kind === 'packages';
}

function keyOf(step: KeyStep): string {
  return step.kind === 'packages' ? PACKAGES_KEY : step.role;
}

async function keyOrderOf(step: KeyStep, compiler: ClusterCompiler): Promise<KeyOrder | null> {
  const { id, node } = step;
  const compiled = step.kind === 'packages' ? await compiler.packages(node) : await compiler.converge(node, step.role);
  return compiled === null ? null : { stepId: id, node, key: keyOf(step), compiled };
}

interface KeyOrder {
  readonly stepId: StepId;
  readonly node: NodeName;
  readonly key: string;
  readonly compiled: CompiledRun;
}

async function voidingOnFailure(
  order: KeyOrder,
  run: (order: KeyOrder, context: OperationContext) => Promise<RunResult>,
  context: OperationContext,
): Promise<RunResult> {
  try {
    return await run(order, context);
  } catch (error) {
    if (isBdeError(error, 'CONVERGE_FAILED')) await voidApplied(order, context);
    throw error;
  }
}

async function voidApplied({ node, key }: KeyOrder, context: OperationContext): Promise<void> {
  await changeAsHolder(context, async (tables) => {
    const [record] = await tables.nodes.listNodes(context.cluster.id, node);
    if (record?.applied[key] === undefined) return;
    const { [key]: _voided, ...applied } = record.applied;
    await tables.nodes.putNode({ ...record, applied });
  });
}

/** A mirror that went down under a run that pulls from it is brought back, and the run repeated, once. */
async function runWithMirror(order: KeyOrder, context: OperationContext): Promise<RunResult> {
  const { workspace, home, deps } = context;
  const { hostAddress } = workspace.prepared;
  await home.ensureServing(hostAddress);
  await deps.mirror.publishContents(context.cluster.id, order.compiled.pulled, context.lease.guard);
  try {
    return await performRun(order, context);
  } catch (error) {
    if (!isBdeError(error, 'CONVERGE_FAILED') || (await deps.mirror.status()) !== null) throw error;
    await emitEvent(deps, {
      kind: 'warning',
      clusterId: context.cluster.id,
      operationId: context.operation.id,
      node: order.node,
      text: `the mirror was gone while ${order.node} pulled from it for ${order.key}; it is started again, and so is the run`,
    });
    await home.ensureServing(hostAddress);
    return performRun(order, context);
  }
}

/** What is recorded as applied on the node under the key. */
async function appliedDigest(
  { node, key }: Pick<KeyOrder, 'node' | 'key'>,
  { deps, cluster }: OperationContext,
): Promise<Digest | undefined> {
  const [record] = await deps.store.nodes.listNodes(cluster.id, node);
  return record?.applied[key];
}

async function concludeRun(order: KeyOrder, result: RunResult, context: OperationContext): Promise<StepOutcome> {
  await recordSuccess(order, result, context);
  const changed = result.counts.changed ?? 0;
  const unchanged = result.counts.unchanged ?? 0;
  await emitEvent(context.deps, {
    kind: 'converged',
    clusterId: context.cluster.id,
    operationId: context.operation.id,
    node: order.node,
    role: order.key,
    text: `${order.key} on ${order.node}: ${String(changed)} changed, ${String(unchanged)} unchanged`,
    data: { changed: namesOfChanged(result), unchanged },
  });
  return { state: changed === 0 ? 'unchanged' : 'done', detail: { changed, unchanged } };
}

function namesOfChanged({ lines }: RunResult): readonly string[] {
  return lines.filter((line) => line.outcome === 'changed').map((line) => line.resource);
}

async function recordSuccess(order: KeyOrder, result: RunResult, context: OperationContext): Promise<void> {
  const { node, key } = order;
  const { cluster } = context;
  if (result.factProblem !== null) throw factError({ cluster: cluster.name, node, key }, result.factProblem);
  await changeAsHolder(context, async (tables) => {
    const [record] = await tables.nodes.listNodes(cluster.id, node);
    if (record === undefined) throw new TypeError(`the cluster has no node ${node} any more`);
    const machines = await tables.nodes.listMachines(cluster.id, node);
    const machine = machines.find(({ standing }) => standing === 'current');
    const owner = { clusterId: cluster.id, node, role: key, generation: machine?.generation ?? 0 };
    await tables.nodes.putNode({ ...record, applied: { ...record.applied, [key]: result.digest } });
    for (const fact of result.facts) await tables.facts.put({ ...owner, ...fact });
  });
}
