import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { NodeName, RunId, StepId } from '../../errors/ids.js';
import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { CompiledRun } from '../../cookbook/types.js';
import { PACKAGES_KEY } from '../../plan/desired.js';
import type { ResolvedNode } from '../../spec/resolved-cluster.js';
import type { EngineDependencies } from '../context.js';
import { withBase } from '../desired-state.js';
import { toError } from '../join-failures.js';
import type { NodeLinks } from '../node-links.js';
import { openLinks } from '../open-links.js';
import { openWorkspace } from '../open-workspace.js';
import type { NodeLink } from '../ports/nodes.js';
import type { ClusterRecord } from '../ports/store.js';
import { requireSuccess } from '../steps/require-success.js';
import { RunOutput, type ResourceLine } from '../steps/run-result.js';
import type { Workspace } from '../workspace.js';
import { checkSelection, matchesSelection, selects, type ConvergeSelection } from './selection.js';

/** What applying a role on a node would do. */
export interface CheckResult {
  readonly node: NodeName;
  /** Or `packages`. */
  readonly role: string;
  readonly lines: readonly ResourceLine[];
}

/**
 * Asks every selected (node, role) what applying it would change. Changes nothing and takes no lease.
 *
 * @throws BdeError the failures of all nodes, together
 */
export async function checkCluster(
  selection: ConvergeSelection,
  cluster: ClusterRecord,
  given: { readonly deps: EngineDependencies; readonly signal: AbortSignal },
): Promise<readonly CheckResult[]> {
  const { deps } = given;
  const signal = AbortSignal.any([given.signal]);
  // Every run listens to it, on each of hundreds of nodes.
  setMaxListeners(0, signal);
  const workspace = await openWorkspace(deps, cluster);
  checkSelection(selection, workspace.resolved);
  const links = await openLinks(deps, cluster);
  const check = new ClusterCheck(selection, { deps, workspace, links, cluster, signal });
  const queue = new PQueue({ concurrency: deps.limits.convergesAtOnce });
  try {
    const nodes = workspace.resolved.nodes.filter((node) => matchesSelection(selection, node));
    const answers = await Promise.allSettled(nodes.map((node) => queue.add(() => check.node(node))));
    const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [toError(answer.reason)] : []));
    if (failures.length > 0) throw joinNodeFailures(cluster.name, failures);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    await links.closeAll();
  }
}

interface CheckParts {
  readonly deps: EngineDependencies;
  readonly workspace: Workspace;
  readonly links: NodeLinks;
  readonly cluster: ClusterRecord;
  readonly signal: AbortSignal;
}

class ClusterCheck {
  readonly #selection: ConvergeSelection;
  readonly #parts: CheckParts;

  constructor(selection: ConvergeSelection, parts: CheckParts) {
    this.#selection = selection;
    this.#parts = parts;
  }

  /** One key after the other: a node's lock admits one run at a time. */
  async node(node: ResolvedNode): Promise<readonly CheckResult[]> {
    const { links, signal } = this.#parts;
    signal.throwIfAborted();
    const link = await links.to(node.name, signal);
    const results: CheckResult[] = [];
    for (const key of keysInOrder(node).filter((each) => selects(this.#selection, node, each))) {
      const compiled = await this.#compile(node.name, key);
      if (compiled === null) continue;
      results.push({ node: node.name, role: key, lines: await this.#check({ link, node: node.name, key, compiled }) });
    }
    return results;
  }

  #compile(node: NodeName, key: string): Promise<CompiledRun | null> {
    const { compiler } = this.#parts.workspace;
    return key === PACKAGES_KEY ? compiler.packages(node) : compiler.converge(node, key);
  }

  async #check(order: {
    readonly link: NodeLink;
    readonly node: NodeName;
    readonly key: string;
    readonly compiled: CompiledRun;
  }): Promise<readonly ResourceLine[]> {
    const { deps, workspace, cluster, signal } = this.#parts;
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
}

/** As applying goes: the base role, packages, the others. */
function keysInOrder(node: ResolvedNode): readonly string[] {
  const [base = '', ...others] = withBase(node.roles);
  return [base, PACKAGES_KEY, ...others];
}

function joinNodeFailures(cluster: string, failures: readonly Error[]): Error {
  const [first] = failures;
  const bug = failures.find((error) => !isBdeError(error));
  if (bug !== undefined || !isBdeError(first)) return bug ?? toError(first);
  if (failures.length === 1) return first;
  return new BdeError(
    first.code,
    `${String(failures.length)} nodes could not be checked; the first: ${first.message}`,
    {
      subject: { cluster, ...first.subject },
      hint: first.hint,
      failures: failures.filter((error) => isBdeError(error)),
      cause: first,
    },
  );
}
