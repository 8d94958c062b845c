import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { MachineStep } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import { emitEvent, type OperationContext } from '../context.js';
import { checkEpoch } from '../refuse-higher-epoch.js';
import type { NodeHello } from '../ports/nodes.js';
import type { MachineRecord, NodeRecord } from '../ports/store.js';
import type { StepOutcome } from '../run-steps.js';
import { hostKeySecretName } from '../secret-names.js';
import { machineRequest } from './machine-request.js';
import { chooseMachine, earlierMachines, giveUp, removeEarlier } from './node-machine.js';

/**
 * Clones a machine for a node and waits until it answers; one that never did is replaced by a fresh clone, a bounded
 * number of times. A wrong host key is final. Where data disks are kept, they go from machine to machine, and the earlier
 * ones are destroyed only once the last one answers.
 *
 * @throws BdeError `MACHINE_NEVER_UP`, `HOST_KEY_MISMATCH`, `PROVIDER_FAILED`, `NODE_TOOLS_MISSING`, `PREFLIGHT_FAILED`
 */
export async function performMachineStep(step: MachineStep, context: OperationContext): Promise<StepOutcome> {
  const { limits } = context.deps;
  const node = context.workspace.nodeRecord(step.node);
  for (let replaced = 0; ; replaced += 1) {
    const { machine, isFresh } = await chooseMachine(step, node, context);
    try {
      await createMachine(step, { machine, node }, context);
      checkHello(node, await reach(node, context), context);
      await forgetHostKey(machine, context);
      await removeEarlier(step, machine, context);
      return { state: 'done', detail: { machineId: machine.id, generation: machine.generation } };
    } catch (error) {
      if (!isSilence(error)) throw error;
      if (!isFresh || replaced >= limits.replacements)
        throw await neverUp(node, machine, { context, cause: error, tries: replaced + 1 });
      context.stopStarting.throwIfAborted();
      await replaceSilent(machine, { step, context, cause: error });
    }
  }
}

/** Makes it, or finds or completes what a creation before this left; a machine that is off is started. */
async function createMachine(
  step: MachineStep,
  wanted: { readonly machine: MachineRecord; readonly node: NodeRecord },
  context: OperationContext,
): Promise<void> {
  const { machine, node } = wanted;
  const { provider } = context.deps.provider;
  await context.journal.effect({
    stepId: step.id,
    name: { kind: 'create', node: node.name },
    ref: { machineId: machine.id, generation: machine.generation },
    act: async () => {
      // Another cluster may have been this home's last one a moment ago, and taken the network with it.
      await context.home.ensureNetwork();
      const earlier = await earlierMachines(step, machine, context);
      const request = await machineRequest(machine, { node, earlier }, context);
      const listing = await provider.create(request, context.lease.guard);
      return { host: listing.host, generation: machine.generation };
    },
  });
}

/** It has loaded its host key, so nobody needs the private half any more. */
async function forgetHostKey(machine: MachineRecord, context: OperationContext): Promise<void> {
  await changeAsHolder(context, (tables) => tables.secrets.remove(context.cluster.id, hostKeySecretName(machine.id)));
}

async function reach(node: NodeRecord, context: OperationContext): Promise<NodeHello> {
  const link = await context.links.to(node.name, context.signal, context.deps.limits.machineUpMs);
  return link.hello();
}

/** It did not answer, or not to the end of the first exchange. */
function isSilence(error: unknown): error is BdeError {
  return isBdeError(error, 'CONNECT_FAILED') || isBdeError(error, 'CONNECT_LOST');
}

function checkHello(node: NodeRecord, hello: NodeHello, context: OperationContext): void {
  const allowedSkewMs = context.deps.limits.clockSkewMs;
  checkEpoch(hello.epoch, { node: node.name, context });
  if (hello.missingTools.length > 0) {
    throw new BdeError(
      'NODE_TOOLS_MISSING',
      `The node ${node.name} lacks tools that converge needs: ${hello.missingTools.join(', ')}.`,
      { subject: { node: node.name }, hint: 'Add them to the template, then build it again: bde template build.' },
    );
  }
  if (Math.abs(hello.clockSkewMs) > allowedSkewMs) {
    throw new BdeError(
      'PREFLIGHT_FAILED',
      `The clock of ${node.name} is ${(hello.clockSkewMs / 1000).toFixed(1)} s off ours; at most ` +
        `${String(allowedSkewMs / 1000)} s are accepted, for certificates would not be valid.`,
      {
        subject: { node: node.name },
        hint: 'Set the clocks of this host and of the machine hosts (NTP), then resume.',
      },
    );
  }
}

async function replaceSilent(
  machine: MachineRecord,
  given: { readonly step: MachineStep; readonly context: OperationContext; readonly cause: BdeError },
): Promise<void> {
  const { step, context, cause } = given;
  await emitEvent(context.deps, {
    kind: 'machine-replaced',
    clusterId: context.cluster.id,
    operationId: context.operation.id,
    node: machine.nodeName,
    text: `${machine.nodeName} did not come up (${cause.message}); a fresh machine takes its place`,
  });
  await giveUp(step, machine, context);
}

async function neverUp(
  node: NodeRecord,
  machine: MachineRecord,
  given: { readonly context: OperationContext; readonly cause: BdeError; readonly tries: number },
): Promise<BdeError> {
  const { context, cause, tries } = given;
  const console = (await context.deps.provider.console?.consoleText(machine.id, 10)) ?? '';
  return new BdeError(
    'MACHINE_NEVER_UP',
    `The node ${node.name} did not answer on ${node.address}:22 within ` +
      `${String(context.deps.limits.machineUpMs / 1000)} s, on ${String(tries)} ${tries === 1 ? 'machine' : 'machines in turn'}: ${cause.message}`,
    {
      subject: { cluster: context.cluster.name, node: node.name },
      hint: `Look at what the machine printed (below), then run bde cluster resume ${context.cluster.name}.`,
      cause,
      data: { console },
    },
  );
}
