import type { Digest, NodeName, StepId } from '../../errors/ids.js';
import { isBdeError } from '../../errors/bde-error.js';
import type { ConvergeStep, MemberStep, PackagesStep } from '../../plan/plan.js';
import { PACKAGES_KEY } from '../../plan/desired.js';
import type { CompiledRun } from '../../cookbook/types.js';
import { changeAsHolder } from '../change-as-holder.js';
import { checkRun } from '../check-run.js';
import type { ClusterCompiler } from '../cluster-compiler.js';
import { emitEvent, type OperationContext } from '../context.js';
import type { NodeRecord } from '../ports/store.js';
import { factError } from '../exported-facts.js';
import type { StepOutcome } from '../run-steps.js';
import { performRun } from './perform-run.js';
import type { RunResult } from './run-result.js';

/** Runs the recipes of a role on a node, unless what is known now gives the digest that is applied there already. */
export async function performConvergeStep(step: ConvergeStep, context: OperationContext): Promise<StepOutcome> {
  const { id, node, role, force } = step;
  const compiled = await context.workspace.compiler.converge(node, role);
  const order = { stepId: id, node, key: role, compiled };
  if (!force && (await isApplied(order, context))) return { state: 'unchanged', detail: {} };
  const run = compiled.usesMirror ? runWithMirror : performRun;
  return concludeRun(order, await runVoiding(order, run, context), context);
}

/** Installs all packages of a node in one transaction. */
export async function performPackagesStep(step: PackagesStep, context: OperationContext): Promise<StepOutcome> {
  const { id, node, force } = step;
  const compiled = await context.workspace.compiler.packages(node);
  if (compiled === null) return { state: 'unchanged', detail: {} };
  const order = { stepId: id, node, key: PACKAGES_KEY, compiled };
  if (!force && (await isApplied(order, context))) return { state: 'unchanged', detail: {} };
  return concludeRun(order, await runVoiding(order, runWithMirror, context), context);
}

/** Whether the step's inputs, as known now, are applied already; null for a step that has none. */
export async function isAppliedStep(step: MemberStep, context: OperationContext): Promise<boolean | null> {
  if (step.kind !== 'converge' && step.kind !== 'packages') return null;
  const { node, force } = step;
  const key = step.kind === 'packages' ? PACKAGES_KEY : step.role;
  const digest = await context.workspace.compiler.digest(node, key);
  return digest === null || (!force && (await isAppliedAs({ node, key, digest }, context)));
}

/**
 * Whether the step, though it is asked for, would change nothing on its node: its inputs are applied there, and a check says
 * that all is as they want it. A node that cannot be asked is none to say that of.
 */
export async function findsNothing(step: MemberStep, context: OperationContext): Promise<boolean> {
  if (step.kind !== 'converge' && step.kind !== 'packages') return false;
  const { links, workspace, signal, lease } = context;
  const order = await keyOrderOf(step, workspace.compiler);
  if (order === null) return true;
  if (!(await isApplied(order, context))) return false;
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

async function keyOrderOf(step: ConvergeStep | PackagesStep, compiler: ClusterCompiler): Promise<KeyOrder | null> {
  const { id, node } = step;
  const key = step.kind === 'packages' ? PACKAGES_KEY : step.role;
  const compiled = step.kind === 'packages' ? await compiler.packages(node) : await compiler.converge(node, step.role);
  return compiled === null ? null : { stepId: id, node, key, compiled };
}

interface KeyOrder {
  readonly stepId: StepId;
  readonly node: NodeName;
  readonly key: string;
  readonly compiled: CompiledRun;
}

/**
 * A run towards other inputs than those that are applied voids them before it begins, and one that fails does so in any case:
 * going back to what was applied last is a change then, not nothing.
 */
async function runVoiding(
  order: KeyOrder,
  run: (order: KeyOrder, context: OperationContext) => Promise<RunResult>,
  context: OperationContext,
): Promise<RunResult> {
  if (!(await isApplied(order, context))) await voidApplied(order, context);
  try {
    return await run(order, context);
  } catch (error) {
    if (isBdeError(error, 'CONVERGE_FAILED')) await voidApplied(order, context);
    throw error;
  }
}

async function voidApplied({ node, key }: KeyOrder, context: OperationContext): Promise<void> {
  const { cluster, deps } = context;
  const isVoid = (record: NodeRecord | undefined): boolean => record?.applied[key] === undefined;
  const find = (records: readonly NodeRecord[]) => records.find((each) => each.name === node);
  if (isVoid(find(await deps.store.nodes.listNodes(cluster.id)))) return;
  await changeAsHolder(context, async (tables) => {
    const record = find(await tables.nodes.listNodes(cluster.id));
    if (record === undefined || isVoid(record)) return;
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

function isApplied({ node, key, compiled }: KeyOrder, context: OperationContext): Promise<boolean> {
  return isAppliedAs({ node, key, digest: compiled.digest }, context);
}

async function isAppliedAs(
  { node, key, digest }: { readonly node: NodeName; readonly key: string; readonly digest: Digest },
  context: OperationContext,
): Promise<boolean> {
  const records = await context.deps.store.nodes.listNodes(context.cluster.id);
  return records.find((each) => each.name === node)?.applied[key] === digest;
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
    const record = (await tables.nodes.listNodes(cluster.id)).find((each) => each.name === node);
    if (record === undefined) throw new TypeError(`the cluster has no node ${node} any more`);
    const machines = await tables.nodes.listMachines(cluster.id);
    const machine = machines.find((each) => each.nodeName === node && each.standing === 'current');
    const owner = { clusterId: cluster.id, node, role: key, generation: machine?.generation ?? 0 };
    await tables.nodes.putNode({ ...record, applied: { ...record.applied, [key]: result.digest } });
    for (const fact of result.facts) await tables.facts.put({ ...owner, ...fact });
  });
}
