import { BdeError } from '../../errors/bde-error.js';
import type { ReadyScope, Role } from '../../cookbook/types.js';
import type { BackupStep, ReadyStep, RollStep } from '../../plan/plan.js';
import { emitEvent, type OperationContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';
import { compileProbes, pollNodes, silentIn, type Poll } from './ask-probe.js';
import { pause } from './pause.js';
import { recordMembership } from './record-membership.js';

/**
 * Polls a role's probe until it answers in the role's scope: each node, a majority, or any one. A node that cannot be
 * reached is one that does not answer. From then on the nodes are in the role's service.
 *
 * @throws BdeError `READY_TIMEOUT` with what each node last answered
 */
export async function performReadyStep(step: ReadyStep, context: OperationContext): Promise<StepOutcome> {
  const role = context.workspace.role(step.role);
  if (role.ready === null) return { state: 'unchanged', detail: {} };
  const { clock } = context.deps;
  const needed = neededCount(role.ready.scope, step.nodes.length);
  const probes = await compileProbes({ role: step.role, nodes: step.nodes, which: 'ready' }, context);
  const deadlineMs = clock.monotonicMs() + role.ready.withinSeconds * 1000;
  let said = '';
  for (;;) {
    const poll = await pollNodes(probes, context);
    if (poll.ready.length >= needed) {
      await recordMembership(context, { nodes: step.nodes, role: step.role, isMember: true });
      return { state: 'done', detail: { ready: poll.ready.length, needed } };
    }
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

/** Tells people why a step waits. */
export async function emitWaiting(
  step: ReadyStep | RollStep | BackupStep,
  context: OperationContext,
  text: string,
): Promise<void> {
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
      data: silentIn(poll),
    },
  );
}
