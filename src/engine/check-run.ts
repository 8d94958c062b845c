import type { CompiledRun } from '../cookbook/types.js';
import type { NodeName, RunId, StepId } from '../errors/ids.js';
import type { EngineDependencies } from './context.js';
import type { NodeLink } from './ports/nodes.js';
import type { ClusterRecord } from './ports/store.js';
import { requireSuccess } from './steps/require-success.js';
import { RunOutput, type ResourceLine } from './steps/run-result.js';
import type { Workspace } from './workspace.js';

/** What to look at: a compiled list, and the node that it is for. */
export interface CheckOrder {
  readonly link: NodeLink;
  readonly node: NodeName;
  /** A role, or `packages`. */
  readonly key: string;
  readonly compiled: CompiledRun;
}

/** What a check takes beside its order. */
export interface CheckParts {
  readonly deps: Pick<EngineDependencies, 'clock' | 'limits'>;
  readonly workspace: Pick<Workspace, 'compiler'>;
  readonly cluster: Pick<ClusterRecord, 'name' | 'epoch'>;
  readonly signal: AbortSignal;
}

/**
 * Says what applying a list would change on a node, a line for each resource. Changes nothing.
 *
 * @throws BdeError `CONVERGE_FAILED`, `CONNECT_LOST`, `RUN_REFUSED`
 */
export async function checkRun(order: CheckOrder, parts: CheckParts): Promise<readonly ResourceLine[]> {
  const { deps, workspace, cluster, signal } = parts;
  const { link, node, key, compiled } = order;
  const output = new RunOutput(workspace.compiler.redactor(node));
  const request = {
    runId: deps.clock.newId() as RunId,
    epoch: cluster.epoch,
    key,
    digest: compiled.digest,
    mode: 'check' as const,
    script: workspace.compiler.fillSecrets(compiled),
    sharedLength: compiled.sharedLength,
    contents: compiled.contents,
    timeoutMs: deps.limits.runTimeoutMs,
  };
  const end = await link.run(request, (line) => output.push(line), signal);
  const result = { ...output.result(end), digest: compiled.digest, facts: [], factProblem: null };
  // A resource that cannot be looked at is part of the answer.
  if (result.lines.some((line) => line.outcome === 'failed')) return result.lines;
  const stepId = `check/${node}/${key}` as StepId;
  return requireSuccess({ node, key, stepId }, result, cluster).lines;
}
