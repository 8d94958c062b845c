import { BdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { JoinStep, LeaveStep } from '../../plan/plan.js';
import type { OperationContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';
import { compileProbes, describeResult, pollNodes, type NodeProbes } from './ask-probe.js';
import { pause } from './pause.js';
import { recordMembership } from './record-membership.js';

/**
 * Lets a node into its role's service, or out of it, by way of a peer that is ready: again until it succeeds or the role's
 * time to become ready is over, for peers may have to settle first.
 *
 * @throws BdeError `MEMBERSHIP_FAILED`
 */
export async function performMembershipStep(
  step: JoinStep | LeaveStep,
  context: OperationContext,
): Promise<StepOutcome> {
  const detail = await context.journal.effect({
    stepId: step.id,
    name: { kind: step.kind, node: step.node, role: step.role },
    ref: { peers: step.peers },
    act: () => untilDone(step, context),
  });
  await recordMembership(context, { nodes: [step.node], role: step.role, isMember: step.kind === 'join' });
  return { state: 'done', detail };
}

async function untilDone(
  step: JoinStep | LeaveStep,
  context: OperationContext,
): Promise<{ readonly peer: NodeName; readonly said: string }> {
  const { clock } = context.deps;
  const role = context.workspace.role(step.role);
  const deadlineMs = clock.monotonicMs() + (role.ready?.withinSeconds ?? 60) * 1000;
  const probes = await compileProbes({ role: step.role, nodes: step.peers, which: 'ready' }, context);
  for (;;) {
    const answer = await askReadyPeer(step, probes, context);
    if (answer.isDone) return { peer: answer.peer, said: answer.said };
    if (clock.monotonicMs() > deadlineMs) throw membershipFailed(step, answer.said, context.cluster.name);
    await pause(context);
  }
}

type Answer =
  | { readonly isDone: true; readonly peer: NodeName; readonly said: string }
  | { readonly isDone: false; readonly said: string };

async function askReadyPeer(
  step: JoinStep | LeaveStep,
  probes: NodeProbes,
  context: OperationContext,
): Promise<Answer> {
  const { links, signal, workspace } = context;
  const poll = await pollNodes(probes, context);
  const peer = step.peers.find((name) => poll.ready.includes(name));
  if (peer === undefined) return { isDone: false, said: `no peer is ready (${[...poll.waiting.values()].join('; ')})` };
  const order = { which: step.kind, member: step.node };
  const command = await workspace.compiler.membership(peer, step.role, order);
  if (command === null) return { isDone: true, peer, said: 'nothing to do' };
  const link = await links.to(peer, signal);
  const result = await link.command(['sh', '-c', command.text], { timeoutMs: command.timeoutMs, signal });
  const said = workspace.compiler.redactor(peer)(describeResult(result));
  return result.exitCode === 0 ? { isDone: true, peer, said } : { isDone: false, said: `${peer}: ${said}` };
}

function membershipFailed(step: JoinStep | LeaveStep, said: string, cluster: string): BdeError {
  const what = step.kind === 'join' ? 'join' : 'leave';
  return new BdeError('MEMBERSHIP_FAILED', `The node ${step.node} could not ${what} ${step.role}: ${said}`, {
    subject: { cluster, node: step.node, role: step.role, step: step.id },
    hint: `Look at the service on ${step.peers.join(', ')}, then run bde cluster resume ${cluster}.`,
  });
}
