import type { MachineId } from '../../errors/ids.js';
import type { MachineStep } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { OperationContext } from '../context.js';
import type { MachineShape } from '../../plan/desired.js';
import type { MachineRecord, NodeRecord, StoreTables } from '../ports/store.js';
import { hostKeySecretName } from '../secret-names.js';
import { destroyMachine } from './destroy.js';

/** A machine with whether it may go again: one that never answered has nothing of anyone's on it. */
export interface NodeMachine {
  readonly machine: MachineRecord;
  readonly isFresh: boolean;
}

/**
 * The machine that the store has for the node, where it is what the step is about and can still be made whole; else a
 * new record. Others are given up before.
 */
export async function chooseMachine(
  step: MachineStep,
  node: NodeRecord,
  context: OperationContext,
): Promise<NodeMachine> {
  const { store } = context.deps;
  const machines = await store.nodes.listMachines(context.cluster.id, node.name);
  const current = machines.find((each) => each.standing === 'current');
  const kept = current === undefined ? undefined : await adopt(step, current, context);
  for (const machine of machines) if (machine !== kept?.machine) await giveUp(step, machine, context);
  return kept ?? (await recordNewMachine(step, node, { context, machines }));
}

/**
 * Retires and destroys; where its disks are kept, it is only turned off. Idempotent: a kill between the two leaves a retiring
 * machine, which is met again next time.
 */
export async function giveUp(step: MachineStep, machine: MachineRecord, context: OperationContext): Promise<void> {
  await context.links.drop(machine.nodeName);
  await changeAsHolder(context, (tables) => tables.nodes.putMachine({ ...machine, standing: 'retiring' }));
  if (step.disks === 'kept') await turnOff(step, machine, context);
  else await destroyMachine(machine, context);
}

/** Machines of the step's node whose data disks the one to be made takes over, the latest first. */
export async function earlierMachines(
  step: MachineStep,
  { id }: MachineRecord,
  context: OperationContext,
): Promise<readonly MachineId[]> {
  if (step.disks !== 'kept') return [];
  const machines = await context.deps.store.nodes.listMachines(context.cluster.id, step.node);
  return machines
    .filter((each) => each.id !== id)
    .sort((one, other) => other.generation - one.generation)
    .map((each) => each.id);
}

/** Destroys the machines that gave their disks to this one. */
export async function removeEarlier(
  step: MachineStep,
  machine: MachineRecord,
  context: OperationContext,
): Promise<void> {
  if (step.disks !== 'kept') return;
  const machines = await context.deps.store.nodes.listMachines(context.cluster.id, step.node);
  const earlier = machines.filter((each) => each.id !== machine.id);
  for (const each of earlier) await destroyMachine(each, context);
}

/** The hard way: whatever it does does not count any more, and nothing may write to its disks. */
async function turnOff(step: MachineStep, machine: MachineRecord, context: OperationContext): Promise<void> {
  const { provider } = context.deps.provider;
  const listed = (await provider.list(context.cluster.id)).find(({ mark }) => mark.machineId === machine.id);
  if (listed === undefined || listed.state === 'off') return;
  await context.journal.effect({
    stepId: step.id,
    name: { kind: 'power-off', node: machine.nodeName },
    ref: { machineId: machine.id },
    act: async () => {
      await provider.power(machine.id, 'kill', context.lease.guard);
      return {};
    },
  });
}

/**
 * Whether a recorded machine is the one to go on with: not where the plan asks for a newer one, nor where it is no longer
 * whole and the host key that it would need is gone (it was dropped when the machine first answered).
 */
async function adopt(
  step: MachineStep,
  machine: MachineRecord,
  context: OperationContext,
): Promise<NodeMachine | undefined> {
  const { store, provider } = context.deps;
  if (machine.generation < step.generation) return undefined;
  if ((await store.secrets.get(context.cluster.id, hostKeySecretName(machine.id))) !== undefined) {
    return { machine, isFresh: true };
  }
  const listed = (await provider.provider.list(context.cluster.id)).find(({ mark }) => mark.machineId === machine.id);
  return listed === undefined || listed.state === 'partial' ? undefined : { machine, isFresh: false };
}

async function recordNewMachine(
  step: MachineStep,
  node: NodeRecord,
  past: { readonly context: OperationContext; readonly machines: readonly MachineRecord[] },
): Promise<NodeMachine> {
  const { context, machines } = past;
  const { nodes, provider, sealer, clock } = context.deps;
  const keys = nodes.generateKeyPair(node.name);
  // A machine that was there before keeps the host key by which it is known.
  const known = await provider.access?.accessTo(node.address);
  const machine: MachineRecord = {
    id: clock.newId() as MachineId,
    clusterId: context.cluster.id,
    nodeName: node.name,
    generation: Math.max(step.generation - 1, triedGeneration(step, context), ...machines.map(generationOf)) + 1,
    standing: 'current',
    hostKey: known?.hostKey ?? keys.publicOpenSsh,
    shape: shapeOf(node, context),
    createdAt: clock.now(),
  };
  const sealedKey = await sealer.seal(keys.privateOpenSsh);
  await changeAsHolder(context, async (tables) => {
    await tables.secrets.put(context.cluster.id, hostKeySecretName(machine.id), sealedKey);
    await tables.nodes.putMachine(machine);
    await tables.nodes.putNode({ ...(await currentNode(tables, node)), applied: {} });
    await tables.facts.removeOfNode(context.cluster.id, node.name);
  });
  return { machine, isFresh: true };
}

/** As it is recorded now: what it is a member of may have changed since the operation began. */
async function currentNode(tables: StoreTables, node: NodeRecord): Promise<NodeRecord> {
  const [recorded] = await tables.nodes.listNodes(node.clusterId, node.name);
  return recorded ?? node;
}

function shapeOf({ name }: NodeRecord, { workspace }: OperationContext): MachineShape {
  const { size, swapMiB, dataDisksGiB } = workspace.shapeOf(name);
  return { size, swapMiB, dataDisksGiB };
}

/** The generation that this attempt of the step created last; its machine may be gone by now, its number is not free. */
function triedGeneration(step: MachineStep, { journal }: OperationContext): number {
  const { open, results } = journal.history(step.id);
  const tried = (open['create'] ?? results['create'])?.['generation'];
  return typeof tried === 'number' ? tried : 0;
}

function generationOf({ generation }: MachineRecord): number {
  return generation;
}
