import type { CompiledProbe } from '../../cookbook/compile-probe.js';
import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { ReadyScope, Role } from '../../cookbook/types.js';
import type { ReadyStep } from '../../plan/plan.js';
import { emitEvent, type OperationContext } from '../context.js';
import type { CommandResult } from '../ports/nodes.js';
import type { StepOutcome } from '../run-steps.js';
import { pause } from './pause.js';

/** What one poll of a role's probe found. */
interface Poll {
  readonly ready: readonly NodeName[];
  /** Why the others are not, by node. */
  readonly waiting: ReadonlyMap<NodeName, string>;
}

/** How long a node may take to let a probe in; one that is down must not hold up the answers of the others. */
const PROBE_CONNECT_MS = 5_000;

/**
 * Polls a role's probe until it answers in the role's scope: each node, a majority, or any one. A node that cannot be
 * reached is one that does not answer.
 *
 * @throws BdeError `READY_TIMEOUT` with what each node last answered
 */
export async function performReadyStep(step: ReadyStep, context: OperationContext): Promise<StepOutcome> {
  const role = context.workspace.role(step.role);
  if (role.ready === null) return { state: 'unchanged', detail: {} };
  const { clock } = context.deps;
  const needed = neededCount(role.ready.scope, step.nodes.length);
  const probes = await compileProbes(step, context);
  const deadlineMs = clock.monotonicMs() + role.ready.withinSeconds * 1000;
  let said = '';
  for (;;) {
    const poll = await pollNodes(probes, context);
    if (poll.ready.length >= needed) return { state: 'done', detail: { ready: poll.ready.length, needed } };
    if (clock.monotonicMs() > deadlineMs) throw notReady(step, role, { needed, poll, cluster: context.cluster.name });
    const text = `${step.role} waits for ${describeScope(role.ready.scope)}: ${String(poll.ready.length)} of ${String(needed)}`;
    if (text !== said) await emitWaiting(step, context, text);
    said = text;
    await pause(context);
  }
}

/** How many of the role's nodes must answer. */
export function neededCount(scope: ReadyScope, nodeCount: number): number {
  switch (scope) {
    case 'each':
      return nodeCount;
    case 'quorum':
      return Math.floor(nodeCount / 2) + 1;
    case 'any':
      return 1;
  }
}

function describeScope(scope: ReadyScope): string {
  return scope === 'each' ? 'every node' : scope === 'any' ? 'one node' : 'quorum';
}

type NodeProbes = ReadonlyMap<NodeName, CompiledProbe>;

async function compileProbes(step: ReadyStep, { workspace }: OperationContext): Promise<NodeProbes> {
  const probes = new Map<NodeName, CompiledProbe>();
  for (const node of step.nodes) {
    const probe = await workspace.compiler.probe(node, step.role, 'ready');
    if (probe !== null) probes.set(node, probe);
  }
  return probes;
}

async function pollNodes(probes: NodeProbes, context: OperationContext): Promise<Poll> {
  const answers = await Promise.all([...probes].map(([node, probe]) => askNode(node, probe, context)));
  const waiting = new Map(answers.filter((each) => each.why !== null).map((each) => [each.node, each.why ?? '']));
  return { ready: answers.filter((each) => each.why === null).map((each) => each.node), waiting };
}

async function askNode(
  node: NodeName,
  probe: CompiledProbe,
  context: OperationContext,
): Promise<{ readonly node: NodeName; readonly why: string | null }> {
  const { links, signal, workspace } = context;
  try {
    const link = await links.to(node, signal, PROBE_CONNECT_MS);
    const result = await link.command(['sh', '-c', probe.text], { timeoutMs: probe.timeoutMs, signal });
    return { node, why: result.exitCode === 0 ? null : workspace.compiler.redactor()(describeResult(result)) };
  } catch (error) {
    if (!isBdeError(error, 'CONNECT_FAILED') && !isBdeError(error, 'CONNECT_LOST')) throw error;
    return { node, why: error.message };
  }
}

/** The last line of what a probe said, or how it ended. */
export function describeResult(result: CommandResult): string {
  if (result.timedOut) return 'no answer in time';
  const lastLine = `${result.stdout}\n${result.stderr}`.trim().split('\n').at(-1)?.trim() ?? '';
  return lastLine === '' ? `exit code ${String(result.exitCode)}` : lastLine.slice(0, 300);
}

async function emitWaiting(step: ReadyStep, context: OperationContext, text: string): Promise<void> {
  await emitEvent(context.deps, {
    kind: 'waiting',
    clusterId: context.cluster.id,
    operationId: context.operation.id,
    role: step.role,
    text,
    data: { stepId: step.id, stepKind: step.kind },
  });
}

function notReady(
  step: ReadyStep,
  role: Role,
  given: { readonly needed: number; readonly poll: Poll; readonly cluster: string },
): BdeError {
  const { needed, poll, cluster } = given;
  const answers = [...poll.waiting].map(([node, why]) => `${node}: ${why}`).join('; ');
  return new BdeError(
    'READY_TIMEOUT',
    `The role ${step.role} is not ready after ${String(role.ready?.withinSeconds ?? 0)} s: ` +
      `${String(poll.ready.length)} of ${String(needed)} nodes that are needed answer (${answers}).`,
    {
      subject: { cluster, role: step.role, step: step.id },
      hint: `Read the log of its service on one of these nodes: bde cluster ssh ${cluster} ${[...poll.waiting.keys()][0] ?? 'NODE'} -- journalctl -e, then run bde cluster resume ${cluster}.`,
    },
  );
}
