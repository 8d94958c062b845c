import type { Digest, RunId } from '../../errors/ids.js';
import type { OperationContext } from '../context.js';
import { sealFacts } from '../exported-facts.js';
import type { NodeLink, RunEnd, RunState } from '../ports/nodes.js';
import { refuseHigherEpoch } from '../refuse-higher-epoch.js';
import { requireSuccess } from './require-success.js';
import type { RunOrder } from './run-order.js';
import { RunOutput, type RunResult } from './run-result.js';

/**
 * Runs a compiled list on a node once. What the journal says of this attempt comes first: a result that was recorded is
 * taken as it is, a run that is open is followed to its end where it lives, or read where it ended well; one that ended
 * badly while nobody looked is repeated.
 *
 * @throws BdeError `CONVERGE_FAILED`, `CONNECT_LOST`, `LEASE_LOST`
 */
export async function performRun(order: RunOrder, context: OperationContext): Promise<RunResult> {
  const known = context.journal.history(order.stepId).results['run'] as RunResult | undefined;
  const result = isWanted(known, order)
    ? known
    : ((await adoptRun(order, context)) ?? (await startRun(order, context)));
  return requireSuccess(order, result, { name: context.cluster.name, epoch: context.lease.epoch });
}

async function adoptRun(order: RunOrder, context: OperationContext): Promise<RunResult | undefined> {
  const open = context.journal.history(order.stepId).open['run'];
  if (open === undefined) return undefined;
  const past = { runId: open['runId'] as RunId, digest: open['digest'] as Digest };
  const link = await context.links.to(order.node, context.signal);
  const state = await link.lookUp(past.runId);
  if (state === 'absent') return undefined;
  const result = await recordRun({ order, ...past }, context, (onLine) =>
    link.attach(past.runId, onLine, context.signal),
  );
  return shouldRepeat(order, state, result) ? undefined : result;
}

/** Under the id of the open run where the node never had that: a start that is still on its way cannot be a second one. */
async function startRun(order: RunOrder, context: OperationContext): Promise<RunResult> {
  const { journal, deps, links, signal } = context;
  const open = journal.history(order.stepId).open['run'];
  const runId = (open?.['runId'] ?? deps.clock.newId()) as RunId;
  const link = await links.to(order.node, signal);
  return recordRun({ order, runId, digest: order.compiled.digest }, context, (onLine) =>
    refuseHigherEpoch(link, { node: order.node, context }, runOn(link, { order, runId, onLine }, context)),
  );
}

function isWanted(result: RunResult | undefined, order: RunOrder): result is RunResult {
  return result !== undefined && endedWell(result) && result.digest === order.compiled.digest;
}

function shouldRepeat(order: RunOrder, found: RunState, result: RunResult): boolean {
  if (endedWell(result)) return result.digest !== order.compiled.digest;
  return found === 'ended';
}

function endedWell({ end }: RunResult): boolean {
  return end.state === 'exited' && end.exitCode === 0;
}

interface FollowedRun {
  readonly order: RunOrder;
  readonly runId: RunId;
  readonly digest: Digest;
}

function recordRun(
  { order, runId, digest }: FollowedRun,
  context: OperationContext,
  follow: (onLine: (line: string) => void) => Promise<RunEnd>,
): Promise<RunResult> {
  const { journal, workspace, deps } = context;
  return journal.effect<RunResult>({
    stepId: order.stepId,
    name: { kind: 'run', node: order.node, role: order.key },
    ref: { runId, digest, node: order.node },
    act: async () => {
      const output = new RunOutput(workspace.compiler.redactor(order.node));
      const end = await follow((line) => output.push(line));
      const declared = workspace.roles.get(order.key)?.facts ?? {};
      const isWhole = end.state === 'exited' && end.exitCode === 0;
      const facts = isWhole ? await sealFacts(output.facts, declared, deps.sealer) : { facts: [], factProblem: null };
      return { digest, ...output.result(end), ...facts };
    },
  });
}

function runOn(
  link: NodeLink,
  run: { readonly order: RunOrder; readonly runId: RunId; readonly onLine: (line: string) => void },
  context: OperationContext,
): Promise<RunEnd> {
  const { order, runId, onLine } = run;
  return link.run(
    {
      runId,
      epoch: context.lease.epoch,
      key: order.key,
      digest: order.isAct === true ? null : order.compiled.digest,
      mode: 'apply',
      script: context.workspace.compiler.fillSecrets(order.compiled),
      sharedLength: order.compiled.sharedLength,
      contents: order.compiled.contents,
      timeoutMs: context.deps.limits.runTimeoutMs,
    },
    onLine,
    context.signal,
  );
}
